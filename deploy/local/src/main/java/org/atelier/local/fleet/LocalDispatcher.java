package org.atelier.local.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.atelier.local.process.ChildProcess;
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
    private final Site site;
    private final Map<String, String> environment;

    LocalDispatcher(Site site, Map<String, String> connections, Map<String, String> settings) {
        var data = site.data();
        var http = data.addresses().http();
        this.site = site;
        this.environment = new HashMap<>(connections);
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

    /**
     * Runs another program of the dispatcher's, with the same settings, until it ends. The dispatcher itself must not run:
     * its database belongs to one process.
     *
     * @throws IllegalStateException if it does not end well; the message has what it said last
     */
    public void runInstead(String mainClass, List<String> arguments) throws InterruptedException {
        var data = site.data();
        var program = site.installation().program(Installation.Part.DISPATCHER, mainClass, OPTIONS, arguments,
                data.lockOf("dispatcher"));
        var name = mainClass.substring(mainClass.lastIndexOf('.') + 1);
        try (var process = ChildProcess.start(new ChildSpec(name, program.command(), environment, LocalFleet.WITHHELD,
                data.log(name), GRACE))) {
            int status = process.awaitEnd();
            if (status != 0) {
                throw new IllegalStateException("The program " + name + " ended with " + status + ": " + String.join(
                        "\n", process.lastLines()));
            }
        }
    }

    /** Where its API is. */
    public URI url() {
        return url;
    }
}
