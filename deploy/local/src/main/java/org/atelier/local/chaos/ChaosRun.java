package org.atelier.local.chaos;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.job.RunId;

/** A stream of jobs through a fleet that is broken again and again. */
public final class ChaosRun implements AutoCloseable {
    /** How faults follow each other. */
    public enum Pace {
        /** When the fleet has had the time to recover, so that it is known what each one cost. */
        APART,
        /** As they come. */
        CLOSE
    }

    private static final Duration LAST_WAIT = Duration.ofMinutes(3);
    /** Until a struck attempt has its successor, before the next fault comes: causes stay apart. */
    private static final int BEATS_BETWEEN = 6;

    /** Longer than the shortest grace time of a collection. */
    private static final Duration GRACE = Duration.ofDays(8);

    private final ChaosFleet fleet;
    private final Clock clock = Clock.systemUTC();
    private final History history = new History();
    private final Random random;
    private final Results results;
    private final Load load;
    private int faults;

    /** @param fleet that runs; it stays the caller's */
    public ChaosRun(ChaosFleet fleet, String name) {
        this.fleet = fleet;
        this.random = new Random(fleet.options().seed());
        this.results = new Results(fleet.fleet().broker().settings(), history, clock);
        this.load = new Load(fleet.fleet().dispatcher().url(), history, clock, new Random(fleet.options().seed() + 1),
                name);
    }

    /**
     * Breaks the fleet for so long, then lets every job end, and judges.
     *
     * @param out gets a line for each fault
     */
    public ChaosReport run(Duration time, List<Fault> kinds, Pace pace, PrintWriter out) throws Exception {
        var over = new CountDownLatch(1);
        var stream = new FutureTask<Void>(() -> {
            while (over.getCount() > 0) {
                load.submit();
                while (over.getCount() > 0 && !results.await(load.requests().keySet(), fleet.options().openJobs() - 1,
                        Duration.ofSeconds(1))) {
                    // The queue is long enough.
                    continue;
                }
            }
            return null;
        });
        Thread.ofPlatform().daemon().name("chaos-load").start(stream);
        try {
            breakFor(time, kinds, pace, out, stream);
        } finally {
            over.countDown();
            fleet.mend();
        }
        stream.get();
        out.println("no more faults; the rest ends");
        out.flush();
        var report = end();
        return report.with(collect());
    }

    private void breakFor(Duration time, List<Fault> kinds, Pace pace, PrintWriter out, FutureTask<Void> stream)
            throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + time.toNanos();
        // Each kind once before any comes again.
        var turns = new ArrayList<Fault>();
        while (System.nanoTime() < deadline) {
            if (turns.isEmpty()) {
                turns.addAll(kinds);
                Collections.shuffle(turns, random);
            }
            if (stream.isDone()) {
                stream.get();
            }
            waitFor(pause(pace));
            var fault = turns.removeLast();
            out.println(clock.instant() + "  " + fault.kind());
            out.flush();
            strike(fault);
        }
    }

    private Duration pause(Pace pace) {
        long beat = fleet.options().heartbeat().toMillis();
        return Duration.ofMillis(switch (pace) {
            case APART -> beat * BEATS_BETWEEN + random.nextLong(beat);
            case CLOSE -> random.nextLong(beat * BEATS_BETWEEN);
        });
    }

    /** Inflicts a fault, lets it last, and makes it good. */
    public void strike(Fault fault) throws InterruptedException {
        var name = fault.kind() + "-" + faults++;
        var at = clock.instant();
        var injury = fault.inflict(fleet, random);
        history.add(new Fact.FaultInjected(at, name, fault.kind(), injury.target()));
        try {
            waitFor(fault.duration(fleet.options(), random));
        } finally {
            injury.remedy().run();
            fleet.mend();
        }
        history.add(new Fact.FaultHealed(clock.instant(), name));
    }

    /** The pace of chaos is a matter of time and of nothing else. */
    private static void waitFor(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** Submits jobs as they come. */
    public List<RunId> submit(int jobs) throws InterruptedException {
        var runs = new ArrayList<RunId>();
        for (int job = 0; job < jobs; job++) {
            runs.add(load.submit());
        }
        return runs;
    }

    /** Submits a long one. */
    public RunId submitLong(int steps) throws InterruptedException {
        return load.submit(load.edit(steps));
    }

    /** Submits short ones. */
    public List<RunId> submitPictures(int jobs) throws InterruptedException {
        var runs = new ArrayList<RunId>();
        for (int job = 0; job < jobs; job++) {
            runs.add(load.submit(load.pictures(1)));
        }
        return runs;
    }

    /**
     * Has jobs run again.
     *
     * @return their next runs
     */
    public List<RunId> replay(List<RunId> runs, int perSecond) throws InterruptedException {
        return load.replay(runs, perSecond);
    }

    /** Waits until no more than so many of these have not ended; whether it came to that. */
    public boolean await(List<RunId> runs, int open) throws InterruptedException {
        return results.await(Set.copyOf(runs), open, LAST_WAIT);
    }

    /** Whether a worker has computed anything since then. */
    public boolean hasWorked(Instant since) {
        return new Evidence(fleet, clock).hasWorked(since);
    }

    /**
     * Waits for what is left, as long as any of it ends, and judges. What does not end is lost, and the report says so.
     */
    public ChaosReport end() throws InterruptedException {
        var runs = load.requests();
        int open = Integer.MAX_VALUE;
        while (!results.await(runs.keySet(), 0, LAST_WAIT) && results.open(runs.keySet()) < open) {
            open = results.open(runs.keySet());
        }
        return new Evidence(fleet, clock).judge(history, runs);
    }

    /** Has the dispatcher remove what nothing names, as if all of it were older than the grace time. */
    public ChaosReport.Collected collect() throws InterruptedException {
        try (var files = new StoredFiles(fleet)) {
            files.age(GRACE);
        }
        load.collect();
        return new Evidence(fleet, clock).collected();
    }

    @Override
    public void close() {
        load.close();
        results.close();
    }
}
