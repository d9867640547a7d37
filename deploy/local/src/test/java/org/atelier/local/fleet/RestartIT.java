package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.request.SubmissionReader;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A dispatcher loses its database, with many jobs in topics and store: it builds the projection anew, and each job is there
 * once, in the state that the store gives it. {@code -Datelier.restart.jobs=100000} makes it the figure of the design.
 */
class RestartIT {
    private static final int JOBS = Integer.getInteger("atelier.restart.jobs", 300);
    private static final int WRITERS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final String BUNDLE = "avatar-128@1";
    /** Long ago, but not so long that those who wait have waited too long. */
    private static final Instant BEGIN = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
    private static final int PAGE = 200;

    @RegisterExtension
    static final FleetExtension FLEET = new FleetExtension();

    /** What becomes of a job, by its number. */
    private enum Fate {
        WAITS, SUCCEEDED, FAILED,
        /** Both as above, but so old that the topics no longer hold them. */
        OLD_WAITS, OLD_SUCCEEDED;

        static Fate of(int job) {
            return switch (job % 20) {
                case 0 -> OLD_SUCCEEDED;
                case 1 -> job % 200 == 1 ? OLD_WAITS : OLD_SUCCEEDED;
                case 2 -> FAILED;
                case 3, 4, 5, 6, 7, 8, 9, 10 -> SUCCEEDED;
                default -> WAITS;
            };
        }

        boolean isOld() {
            return this == OLD_WAITS || this == OLD_SUCCEEDED;
        }

        Optional<Outcome> outcome() {
            return switch (this) {
                case WAITS, OLD_WAITS -> Optional.empty();
                case SUCCEEDED, OLD_SUCCEEDED -> Optional.of(Outcome.SUCCEEDED);
                case FAILED -> Optional.of(Outcome.FAILED);
            };
        }

        String state() {
            return outcome().map(outcome -> outcome.name().toLowerCase(Locale.ROOT)).orElse("queued");
        }
    }

    private static JobId id(int job) {
        return new JobId("restart-%06d".formatted(job));
    }

    private static Manifest manifest(RunId run, Outcome outcome) {
        return new Manifest(run, "default", JobType.GENERATE, BUNDLE, outcome, 1, "token-" + run, Map.of(), List.of(),
                null,
                outcome == Outcome.FAILED ? JobFailure.of(ErrorCategory.DIVERGED, "NaN at step 7.") : null, Map.of(),
                Map.of(), BEGIN.plusSeconds(60));
    }

    /** A job as intake and worker leave it in store and topics. */
    private static Void write(JobLedger ledger, KafkaEventPublisher events, SubmissionReader reader, int job) {
        var fate = Fate.of(job);
        JsonNode body = Json.mapper().createObjectNode().set("request", Json.mapper().createObjectNode().put("type",
                "generate").put("bundle", BUNDLE).set("sources", Json.tree(List.of(Map.of("seed", job)))));
        var read = reader.read(body);
        ledger.create(new StoredRequest(id(job), "default", read.submission(), BUNDLE, read.fingerprint(), BEGIN
                .plusMillis(
                        job)));
        if (!fate.isOld()) {
            events.publishAndWait(Topics.REQUESTS, new Message.JobRequested(id(job).value(), body));
        }
        fate.outcome().map(outcome -> ledger.commit(manifest(RunId.first(id(job)), outcome)).document()).filter(
                manifest -> !fate.isOld()).ifPresent(manifest -> {
                    events.publishAndWait(Topics.EVENTS, new Message.AttemptStarted(new AttemptId(manifest.run(), 1),
                            "worker-1", "host-1", 0));
                    events.publishAndWait(Topics.RESULTS, new Message.RunEnded(manifest));
                    events.publishAndWait(Topics.EVENTS, new Message.RunEnded(manifest));
                });
        return null;
    }

    private static void fill(LocalFleet fleet) throws Exception {
        var settings = fleet.broker().settings();
        try (var store = new S3ObjectStore(fleet.store().settings(), Duration.ofSeconds(30));
                var events = new KafkaEventPublisher(settings, "fill", EventCodec.source("test", "fill"),
                        java.time.Clock
                                .systemUTC());
                var writers = Executors.newFixedThreadPool(WRITERS)) {
            var ledger = new JobLedger(store);
            var reader = new SubmissionReader();
            var tasks = new ArrayList<Callable<Void>>();
            for (int job = 0; job < JOBS; job++) {
                int number = job;
                tasks.add(() -> write(ledger, events, reader, number));
            }
            for (var task : writers.invokeAll(tasks)) {
                task.get();
            }
        }
    }

    /** Every job of the list with its state; a job that were there twice would be an error. */
    private static Map<String, String> states(DispatcherClient client) throws InterruptedException {
        var states = new TreeMap<String, String>();
        var query = new HashMap<>(Map.of("limit", String.valueOf(PAGE)));
        while (true) {
            var page = client.jobs(query);
            for (var job : page.path("jobs")) {
                var twice = states.put(job.path("id").asText(), job.path("state").asText().replace("ready", "queued"));
                assertThat(twice).as(job.path("id").asText()).isNull();
            }
            if (!page.path("next_cursor").isTextual()) {
                return states;
            }
            query.put("cursor", page.path("next_cursor").asText());
        }
    }

    private static Map<String, String> expected() {
        var states = new TreeMap<String, String>();
        for (int job = 0; job < JOBS; job++) {
            states.put(id(job).value(), Fate.of(job).state());
        }
        return states;
    }

    /** Tells the differences only: there may be many jobs. */
    private static void assertSame(Map<String, String> states, Map<String, String> expected) {
        var differing = new TreeMap<String, String>();
        expected.forEach((job, state) -> {
            if (!state.equals(states.get(job))) {
                differing.put(job, states.get(job) + " and not " + state);
            }
        });
        assertThat(differing).isEmpty();
        assertThat(states).hasSameSizeAs(expected);
    }

    private static void drop(LocalFleet fleet) throws Exception {
        try (var files = Files.list(fleet.folder().resolve("dispatcher"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("projection.db")).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void restart(LocalFleet fleet, String what) throws Exception {
        var dispatcher = fleet.dispatcher();
        dispatcher.service().close();
        if (what.equals("without its database")) {
            drop(fleet);
        }
        long begin = System.nanoTime();
        dispatcher.service().startAndAwait();
        tell(fleet, "ready " + what, begin);
        try (var client = new DispatcherClient(dispatcher.url())) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> client.rebuildProgress().path(
                    "state")
                    .asText().equals("done"));
            tell(fleet, "store looked through", begin);
            System.out.println(client.rebuildProgress());
            assertSame(states(client), expected());
        }
    }

    /** A figure for people; nothing is asserted of it. */
    private static void tell(LocalFleet fleet, String what, long begin) throws Exception {
        var memory = Files.readAllLines(Path.of("/proc", String.valueOf(fleet.dispatcher().service().process().pid()),
                "status")).stream().filter(line -> line.startsWith("VmHWM")).findFirst().orElse("");
        System.out.printf(Locale.ROOT, "restart with %,d jobs: %s after %.1f s, %s%n", JOBS, what, (System.nanoTime()
                - begin) / 1e9, memory);
    }

    @Test
    void everyJobIsThereOnceInTheStateThatTheStoreGivesIt() throws Exception {
        var fleet = FLEET.fleet();
        // It makes the topics.
        fleet.dispatcher().service().startAndAwait();
        fleet.dispatcher().service().close();
        long begin = System.nanoTime();
        fill(fleet);
        System.out.printf(Locale.ROOT, "filled after %.1f s%n", (System.nanoTime() - begin) / 1e9);

        restart(fleet, "without its database");
        restart(fleet, "with its database");
    }
}
