package org.atelier.local.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.atelier.local.fleet.LocalService;
import org.atelier.local.process.ChildProcess;

/** What the processes of a fleet take of the machine. Linux tells how much is resident, and a JDK has jcmd. */
final class Processes {
    private static final double KILOBYTES = 1024;
    private static final long COLLECTION_SECONDS = 60;

    private final LocalService dispatcher;
    private final LocalService broker;
    private final LocalService store;
    private final LocalService worker;

    Processes(LocalService dispatcher, LocalService broker, LocalService store, LocalService worker) {
        this.dispatcher = dispatcher;
        this.broker = broker;
        this.store = store;
        this.worker = worker;
    }

    /** Processor time so far, of those that run. */
    Map<LocalService, Duration> cpu(boolean withWorker) {
        var taken = new LinkedHashMap<LocalService, Duration>();
        for (var service : new LocalService[]{dispatcher, broker, store}) {
            taken.put(service, cpu(service.process()));
        }
        if (withWorker) {
            taken.put(worker, cpu(worker.process()));
        }
        return taken;
    }

    private static Duration cpu(ChildProcess process) {
        return ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).orElseThrow(
                () -> new IllegalStateException("nobody tells how much processor time " + process.name() + " took"));
    }

    /** Milliseconds that the dispatcher has taken since then. */
    double dispatcherMillis(Map<LocalService, Duration> before) {
        return millis(before, dispatcher);
    }

    /** What each of some jobs has cost since then. */
    LoadReport.Cost since(Map<LocalService, Duration> before, int jobs) {
        return new LoadReport.Cost(each(before, dispatcher, jobs), each(before, broker, jobs), each(before, store,
                jobs), before.containsKey(worker) ? each(before, worker, jobs) : null);
    }

    private static double each(Map<LocalService, Duration> before, LocalService service, int jobs) {
        return Quantiles.rounded(millis(before, service) / jobs);
    }

    private static double millis(Map<LocalService, Duration> before, LocalService service) {
        return cpu(service.process()).minus(before.get(service)).toNanos() / 1e6;
    }

    /** Has the dispatcher collect its garbage. */
    void collect() throws InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            var process = new ProcessBuilder(jcmd, String.valueOf(dispatcher.process().pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(jcmd + " GC.run did not do it; a JDK is needed.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(jcmd + " could not be started; a JDK is needed", e);
        }
    }

    /** Megabytes of the dispatcher that are in memory; nothing where the system does not tell. */
    double residentMegabytes() {
        var status = Path.of("/proc", String.valueOf(dispatcher.process().pid()), "status");
        return field(status, "VmRSS:").map(kilobytes -> kilobytes / KILOBYTES).map(Quantiles::rounded).orElse(
                Double.NaN);
    }

    /** Processes that want to run, on average of the last minute. */
    static double load() {
        var file = Path.of("/proc/loadavg");
        return text(file).map(text -> Double.parseDouble(text.substring(0, text.indexOf(' ')))).orElse(Double.NaN);
    }

    private static Optional<Double> field(Path file, String name) {
        return text(file).flatMap(text -> text.lines().filter(line -> line.startsWith(name)).findFirst()).map(
                line -> Double.parseDouble(line.replaceAll("[^0-9]", "")));
    }

    private static Optional<String> text(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
