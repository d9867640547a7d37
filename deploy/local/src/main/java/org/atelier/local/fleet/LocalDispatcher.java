package org.atelier.local.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.atelier.local.process.ChildSpec;

/** The dispatcher of a fleet. */
public final class LocalDispatcher {
    private static final String MAIN = "org.atelier.dispatcher.DispatcherMain";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED");

    private final LocalService service;
    private final URI url;

    LocalDispatcher(Site site, Map<String, String> connections, Map<String, String> settings) {
        var data = site.data();
        var http = data.addresses().http();
        var environment = new HashMap<>(connections);
        environment.put("ATELIER_TOPIC_REPLICATION", "1");
        environment.put("ATELIER_TOPIC_MIN_INSYNC", "1");
        environment.put("ATELIER_DATABASE", "jdbc:sqlite:" + data.of("dispatcher").resolve("projection.db"));
        environment.put("ATELIER_HTTP_HOST", "127.0.0.1");
        environment.put("ATELIER_HTTP_PORT", String.valueOf(http));
        environment.putAll(settings);
        this.url = URI.create("http://127.0.0.1:" + http);
        var program = site.installation().program(Installation.Part.DISPATCHER, MAIN, OPTIONS, List.of(),
                data.lockOf("dispatcher"));
        this.service = new LocalService(
                new ChildSpec("dispatcher", program.command(), environment, LocalFleet.WITHHELD, data.log("dispatcher"),
                        GRACE),
                Probes.http(url.resolve("/readyz")), START, site.onUnexpectedDeath());
    }

    /** Its process. */
    public LocalService service() {
        return service;
    }

    /** Where its API is. */
    public URI url() {
        return url;
    }
}
