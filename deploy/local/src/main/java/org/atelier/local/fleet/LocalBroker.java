package org.atelier.local.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.atelier.common.kafka.KafkaSettings;
import org.atelier.local.process.ChildSpec;

/** The Kafka broker of a fleet. */
public final class LocalBroker {
    private static final String MAIN = "org.atelier.broker.BrokerMain";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(15);
    /** It only starts fast and serves few: the first compiler is enough. */
    private static final List<String> OPTIONS = List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** By which right each request was let through, or that none was found. */
    private static final String AUTHORIZER_LOG = "-Dorg.slf4j.simpleLogger.log.kafka.authorizer.logger=debug";

    private final LocalService service;
    private final boolean own;
    private final KafkaSettings settings;

    LocalBroker(Site site, FleetOptions options) {
        var data = site.data();
        var addresses = data.addresses();
        var arguments = new ArrayList<>(List.of(data.of("broker").toString(), String.valueOf(addresses.broker()),
                String.valueOf(addresses.controller())));
        options.proxied().ifPresent(way -> arguments.addAll(List.of("--proxied", String.valueOf(way.port()), String
                .valueOf(way.advertised()))));
        var jvm = new ArrayList<>(OPTIONS);
        options.secured().ifPresent(ways -> {
            arguments.addAll(List.of("--secured", String.valueOf(ways.sasl()), String.valueOf(ways.tls()), ways.folder()
                    .toString()));
            jvm.add(AUTHORIZER_LOG);
        });
        var program = site.installation().program(Installation.Part.BROKER, MAIN, jvm, arguments,
                data.lockOf("broker"));
        this.own = options.servers().isEmpty();
        this.settings = options.servers().map(FleetOptions.Servers::kafka)
                .orElseGet(() -> new KafkaSettings("127.0.0.1:" + addresses.broker(), Map.of()));
        this.service = new LocalService(
                new ChildSpec("broker", program.command(), Map.of(), Set.of("ATELIER_"), data.log("broker"), GRACE),
                Probes.kafka(addresses.broker()), START, site.onUnexpectedDeath());
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
    public KafkaSettings settings() {
        return settings;
    }
}
