package org.atelier.local.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.atelier.local.process.ChildSpec;

/** A worker of a fleet. */
public final class LocalWorker {
    private static final Duration START = Duration.ofSeconds(120);
    /** It gives the job it runs back before it goes. */
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** The engine's native library comes with the class path; nothing is fetched. Tensors live outside the heap. */
    public static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dai.djl.offline=true");

    /**
     * What the engine's libraries read when they are loaded. Threads that wait for each other soon go to sleep: on a machine
     * that does anything else, spinning for as long as they do by themselves made a step forty times slower. Memory for large
     * pictures is kept instead of being given back and fetched again with each operation.
     */
    private static final Map<String, String> ENGINE = Map.of("GOMP_SPINCOUNT", "3000", "MALLOC_MMAP_MAX_", "0",
            "MALLOC_ARENA_MAX", "1", "MALLOC_TRIM_THRESHOLD_", "100000000000");

    private final LocalService service;

    LocalWorker(Site site, String name, int healthPort, WorkerProgram what, Map<String, String> connections,
            Map<String, String> settings) {
        var data = site.data();
        var environment = new HashMap<>(connections);
        ENGINE.forEach((variable, value) -> environment.put(variable, System.getenv().getOrDefault(variable, value)));
        environment.put("ATELIER_WORKER_NAME", name);
        environment.put("ATELIER_CACHE_DIR", data.of("cache").toString());
        environment.put("ATELIER_HEALTH_HOST", "127.0.0.1");
        environment.put("ATELIER_HEALTH_PORT", String.valueOf(healthPort));
        environment.putAll(settings);
        var program = site.installation().worker(what, OPTIONS, data.lockOf(name));
        this.service = new LocalService(
                new ChildSpec(name, program.command(), environment, LocalFleet.WITHHELD, data.log(name), GRACE),
                Probes.http(URI.create("http://127.0.0.1:" + healthPort + "/readyz")), START, site.onUnexpectedDeath());
    }

    /** Its process. */
    public LocalService service() {
        return service;
    }
}
