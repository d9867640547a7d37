package org.atelier.local.load;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.Topics;

/** Submits many jobs, in the three ways that there are, and says how fast they were taken. */
final class Intakes {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final LoadFleet fleet;
    private final LoadOptions options;
    private final Caller caller;
    private final Way way;

    Intakes(LoadFleet fleet, LoadOptions options, Caller caller, Way way) {
        this.fleet = fleet;
        this.options = options;
        this.caller = caller;
        this.way = way;
    }

    /** Somebody's way to submit some jobs. */
    private interface Submission {
        /** Submits them; returns when all are durable, and adds how long each request took. */
        void submit(List<Double> millis) throws InterruptedException;
    }

    /** One job a request. */
    LoadReport.Intake http() throws InterruptedException {
        return middle(millis -> together(options.clients(), options.jobs(), millis, () -> caller.submit(0)));
    }

    /** Many jobs a request, one request after the other. */
    LoadReport.Intake bulk() throws InterruptedException {
        return middle(millis -> {
            for (int done = 0; done < options.jobs(); done += options.bulk()) {
                int size = Math.min(options.bulk(), options.jobs() - done);
                timed(millis, () -> caller.submitAll(size));
            }
        });
    }

    /**
     * Records of a producer. They are durable when they are acknowledged; jobs they become when the dispatcher has read
     * them, and only then they are accepted.
     */
    LoadReport.Intake kafka() throws InterruptedException {
        try (var publisher = new KafkaEventPublisher(fleet.kafka(), "load", URI.create("/service/load"), Clock
                .systemUTC())) {
            return middle(millis -> {
                var body = Json.tree(caller.submission(0));
                var jobs = IntStream.range(0, options.jobs()).mapToObj(number -> JobId.random()).toList();
                var written = new ArrayList<CompletableFuture<Void>>();
                var times = Collections.synchronizedList(millis);
                for (var job : jobs) {
                    long began = System.nanoTime();
                    written.add(publisher.publish(Topics.REQUESTS, new Message.JobRequested(job.value(), body))
                            .thenRun(() -> times.add((System.nanoTime() - began) / 1e6)));
                }
                CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
                way.await(Way.Step.ACCEPTED, jobs, LONG);
            });
        }
    }

    private LoadReport.Intake middle(Submission submission) throws InterruptedException {
        var rounds = new ArrayList<LoadReport.Intake>();
        for (int round = 0; round < options.rounds(); round++) {
            rounds.add(round(submission));
        }
        rounds.sort(Comparator.comparing(LoadReport.Intake::perSecond));
        return rounds.get(rounds.size() / 2);
    }

    private LoadReport.Intake round(Submission submission) throws InterruptedException {
        int before = caller.waiting();
        var cpu = fleet.processes().cpu(false);
        var millis = new ArrayList<Double>();
        var began = Instant.now();
        submission.submit(millis);
        double accepted = seconds(began);
        awaitListed(before + options.jobs());
        return new LoadReport.Intake(options.jobs(), Quantiles.rounded(options.jobs() / accepted), Quantiles.rounded(
                options.jobs() / seconds(began)), Quantiles.of(millis), fleet.processes().since(cpu, options.jobs()));
    }

    /** Waits until so many jobs stand in the backlog. */
    void awaitListed(int jobs) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (caller.waiting() < jobs) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Of " + jobs + " jobs only " + caller.waiting()
                        + " have come to the backlog.");
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toNanos() / 1e9;
    }

    private interface Request {
        void send() throws InterruptedException;
    }

    private static void timed(List<Double> millis, Request request) throws InterruptedException {
        long began = System.nanoTime();
        request.send();
        millis.add((System.nanoTime() - began) / 1e6);
    }

    private static void together(int clients, int requests, List<Double> millis, Request request)
            throws InterruptedException {
        var times = Collections.synchronizedList(millis);
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var sent = new ArrayList<Future<?>>();
            for (int number = 0; number < requests; number++) {
                sent.add(threads.submit(() -> {
                    timed(times, request);
                    return null;
                }));
            }
            for (var one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a job was not accepted: " + e.getCause().getMessage(), e);
        }
    }
}
