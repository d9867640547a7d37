package org.atelier.local.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;

/** Submits jobs one after the other, and says when each came how far. */
final class Latencies {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Caller caller;
    private final Way way;

    Latencies(Caller caller, Way way) {
        this.caller = caller;
        this.way = way;
    }

    private record Sent(JobId job, Instant at, Instant acceptedAt) {}

    /** Each when the one before it has ended. */
    LoadReport.Latency oneByOne(int jobs, int priority) throws InterruptedException {
        var sent = new ArrayList<Sent>();
        for (int number = 0; number < jobs; number++) {
            var at = Instant.now();
            sent.add(new Sent(caller.submit(priority), at, Instant.now()));
            way.await(Way.Step.ENDED, List.of(sent.getLast().job), LONG);
        }
        return latency(sent, 0);
    }

    /** The same beside other jobs, which come at a steady pace and of which none waits for the one before it. */
    LoadReport.Latency beside(int jobs, double perSecond) throws InterruptedException {
        var others = new ArrayList<JobId>(); // guarded by itself
        try (var threads = Executors.newScheduledThreadPool(1);
                var clients = Executors
                        .newVirtualThreadPerTaskExecutor()) {
            var failures = new ArrayList<java.util.concurrent.Future<?>>(); // guarded by others
            var pace = threads.scheduleAtFixedRate(() -> {
                var one = clients.submit(() -> {
                    var job = caller.submit(JobSubmission.MIN_PRIORITY);
                    synchronized (others) {
                        others.add(job);
                    }
                    return job;
                });
                synchronized (others) {
                    failures.add(one);
                }
            }, 0, Math.round(SECOND.toNanos() / perSecond), TimeUnit.NANOSECONDS);
            var found = oneByOne(jobs, 0);
            pace.cancel(false);
            threads.shutdown();
            threads.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS);
            for (var one : failures) {
                one.get();
            }
            way.await(Way.Step.ENDED, others, LONG);
            return new LoadReport.Latency(found.jobs(), Quantiles.rounded(perSecond), found.acceptedMillis(), found
                    .fedMillis(), found.startMillis(), found.endMillis());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a job of the load was not accepted: " + e.getCause().getMessage(), e);
        }
    }

    private LoadReport.Latency latency(List<Sent> sent, double beside) {
        return new LoadReport.Latency(sent.size(), beside, Quantiles.of(sent.stream().map(one -> millis(one.at,
                one.acceptedAt)).toList()), until(sent, Way.Step.FED), until(sent, Way.Step.STARTED), until(sent,
                        Way.Step.ENDED));
    }

    private Quantiles until(List<Sent> sent, Way.Step step) {
        return Quantiles.of(sent.stream().map(one -> millis(one.at, way.at(one.job, step))).toList());
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
