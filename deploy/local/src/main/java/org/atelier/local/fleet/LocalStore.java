package org.atelier.local.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.atelier.common.config.Secret;
import org.atelier.common.store.StoreSettings;
import org.atelier.local.process.ChildSpec;

/** The object store of a fleet. */
public final class LocalStore {
    private static final String MAIN = "org.atelier.store.StoreMain";
    private static final String BUCKET = "atelier";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final LocalService service;
    private final boolean own;
    private final StoreSettings settings;

    LocalStore(Site site, FleetOptions options) {
        var data = site.data();
        var addresses = data.addresses();
        var endpoint = URI.create("http://127.0.0.1:" + addresses.store());
        var program = site.installation().program(Installation.Part.STORE, MAIN, OPTIONS,
                List.of(data.of("store").toString(), String.valueOf(addresses.store()), BUCKET),
                data.lockOf("store"));
        this.own = options.servers().isEmpty();
        this.settings = options.servers().map(FleetOptions.Servers::store)
                .orElseGet(() -> new StoreSettings(endpoint, endpoint, StoreSettings.REGION.defaultValue(), BUCKET,
                        new Secret(addresses.accessKey()), new Secret(addresses.secretKey())));
        this.service = new LocalService(
                new ChildSpec("store", program.command(),
                        Map.of(StoreSettings.ACCESS_KEY.key(), addresses.accessKey(), StoreSettings.SECRET_KEY.key(),
                                addresses.secretKey()),
                        Set.of("ATELIER_"), data.log("store"), GRACE),
                Probes.http(endpoint.resolve("/healthz")), START, site.onUnexpectedDeath());
    }

    /**
     * Its process.
     *
     * @throws IllegalStateException if it is not this fleet's
     */
    public LocalService service() {
        if (!own) {
            throw new IllegalStateException(settings + " was there before this fleet, and is not its to start or stop");
        }
        return service;
    }

    /** Whether it is started and stopped with the fleet. */
    boolean isOwn() {
        return own;
    }

    /** How clients reach it. */
    public StoreSettings settings() {
        return settings;
    }
}
