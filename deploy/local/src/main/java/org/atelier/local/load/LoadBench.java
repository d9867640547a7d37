package org.atelier.local.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.job.JobSubmission;
import org.atelier.local.fleet.Installation;

/** Puts a load on a fleet, and measures. */
public final class LoadBench {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final int WARM_UP = 200;
    private static final int PAGES = 20;
    private static final double HALF = 0.5;
    private static final int MEGABYTE = 1 << 20;

    private final LoadOptions options;
    private final LoadFleet fleet;
    private final PrintWriter out;

    private LoadBench(LoadOptions options, LoadFleet fleet, PrintWriter out) {
        this.options = options;
        this.fleet = fleet;
        this.out = out;
    }

    /** Starts a fleet in a temporary folder, and measures; what is done is told as it goes. */
    public static LoadReport run(Installation installation, LoadOptions options, PrintWriter out) throws Exception {
        double before = Processes.load();
        try (var fleet = new LoadFleet(installation, options)) {
            return fleet.fleet().run(() -> new LoadBench(options, fleet, out).run(before));
        }
    }

    private LoadReport run(double loadBefore) throws InterruptedException {
        tell("starting a fleet");
        fleet.start();
        try (var caller = fleet.caller(); var way = new Way(fleet.kafka())) {
            if (caller.get("/v1/jobs?limit=1").required("jobs").size() > 0) {
                throw new IllegalStateException("The database is not empty; give the benchmark one of its own.");
            }
            var intakes = new Intakes(fleet, options, caller, way);
            var latencies = new Latencies(caller, way);
            warmUp(caller, way);
            fleet.worker().close();
            tell("submitting " + options.jobs() + " jobs in each way, " + options.rounds() + " times");
            var http = intakes.http();
            var bulk = intakes.bulk();
            var kafka = intakes.kafka();
            var endToEnd = endToEnd(way);
            tell("timing single jobs");
            var idle = latencies.oneByOne(options.latencyJobs(), 0);
            var loaded = latencies.beside(options.latencyJobs(), Math.max(1, endToEnd.perSecond() * HALF));
            var backlogs = new ArrayList<LoadReport.Backlog>();
            for (int waiting : options.backlogs()) {
                backlogs.add(backlog(waiting, caller, way, intakes, latencies));
            }
            return new LoadReport(new LoadReport.Machine(Runtime.getRuntime().availableProcessors(), System.getProperty(
                    "java.version"), options.database().getOrDefault("ATELIER_DATABASE", "jdbc:sqlite:").replaceFirst(
                            "^jdbc:([^:]*).*", "$1"), loadBefore, Processes.load()), http, bulk, kafka, endToEnd, idle,
                    loaded, List.copyOf(backlogs));
        }
    }

    /** The first jobs pay for classes that are loaded and code that is compiled. */
    private void warmUp(Caller caller, Way way) throws InterruptedException {
        tell("warming up");
        int jobs = Math.min(WARM_UP, options.jobs());
        for (int number = 0; number < jobs / 2; number++) {
            caller.submit(0);
        }
        caller.submitAll(jobs - jobs / 2);
        way.await(Way.Step.ENDED, jobs, LONG);
    }

    private LoadReport.EndToEnd endToEnd(Way way) throws InterruptedException {
        int jobs = 3 * options.rounds() * options.jobs();
        tell("running " + jobs + " jobs on " + options.slots() + " slots");
        int all = way.count(Way.Step.ENDED) + jobs;
        fleet.worker().startAndAwait();
        var cpu = fleet.processes().cpu(true);
        int before = way.count(Way.Step.ENDED);
        long began = System.nanoTime();
        way.await(Way.Step.ENDED, all, LONG);
        double seconds = (System.nanoTime() - began) / 1e9;
        int ended = all - before;
        return new LoadReport.EndToEnd(options.slots(), jobs, Quantiles.rounded(ended / seconds), fleet.processes()
                .since(cpu, ended));
    }

    private LoadReport.Backlog backlog(int waiting, Caller caller, Way way, Intakes intakes, Latencies latencies)
            throws InterruptedException {
        tell("with a backlog of " + waiting);
        fleet.worker().close();
        int missing = Math.max(0, waiting - caller.waiting());
        fleet.dispatcher().close();
        long began = System.nanoTime();
        fleet.fill(missing);
        double fill = Quantiles.rounded((System.nanoTime() - began) / 1e9);
        double start = fleet.startDispatcher();
        intakes.awaitListed(waiting);

        var page = pages(caller, "/v1/jobs?limit=50");
        var filtered = pages(caller, "/v1/jobs?limit=50&state=queued");
        var overview = pages(caller, "/v1/overview");
        var cpu = fleet.processes().cpu(false);
        Thread.sleep(IDLE);
        double idle = Quantiles.rounded(fleet.processes().dispatcherMillis(cpu) / IDLE.toSeconds());

        cpu = fleet.processes().cpu(false);
        int accepted = options.drained();
        caller.submitAll(accepted);
        intakes.awaitListed(waiting + accepted);
        double accept = Quantiles.rounded(fleet.processes().dispatcherMillis(cpu) / accepted);

        fleet.worker().startAndAwait();
        int before = way.count(Way.Step.ENDED);
        cpu = fleet.processes().cpu(true);
        began = System.nanoTime();
        way.await(Way.Step.ENDED, before + accepted, LONG);
        double seconds = (System.nanoTime() - began) / 1e9;
        int drained = way.count(Way.Step.ENDED) - before;
        var cost = fleet.processes().since(cpu, drained);
        var urgent = latencies.oneByOne(options.latencyJobs(), JobSubmission.MAX_PRIORITY);
        fleet.worker().close();
        fleet.processes().collect();
        return new LoadReport.Backlog(waiting, fill, start, Quantiles.rounded(caller.measured("jvm_memory_used_bytes",
                "area=\"heap\"") / MEGABYTE), fleet.processes().residentMegabytes(), idle, page, filtered, overview,
                accepted, accept, urgent, drained, Quantiles.rounded(drained / seconds), cost);
    }

    private static Quantiles pages(Caller caller, String path) throws InterruptedException {
        var millis = new ArrayList<Double>();
        for (int number = 0; number < PAGES; number++) {
            long began = System.nanoTime();
            caller.get(path);
            millis.add((System.nanoTime() - began) / 1e6);
        }
        return Quantiles.of(millis);
    }

    private void tell(String what) {
        out.println(what);
        out.flush();
    }
}
