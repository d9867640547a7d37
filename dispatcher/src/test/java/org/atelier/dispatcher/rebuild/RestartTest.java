package org.atelier.dispatcher.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.request.SubmissionReader;
import org.atelier.dispatcher.ingest.EventIngest;
import org.atelier.dispatcher.ingest.Isolating;
import org.atelier.dispatcher.ingest.RequestIngest;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.Samples;
import org.atelier.dispatcher.support.TestDatabase;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.atelier.dispatcher.watch.JobWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A dispatcher starts without a database, with many jobs in topics and store. Both topics are read at once, by the classes
 * that do so in production, and every record comes at least once. {@code -Datelier.restart.jobs=100000} makes it the figure
 * of the design.
 */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class RestartTest {
    private static final int JOBS = Integer.getInteger("atelier.restart.jobs", 1_500);
    private static final int BATCH = 500;
    private static final int LOOK_UPS = 16;
    private static final URI SOURCE = EventCodec.source("test", "restart");
    private static final int SEED = 20_261_123;

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    private Fleet fleet;
    private ExecutorService lookUps;
    private final List<Received> requests = new ArrayList<>();
    private final List<Received> happenings = new ArrayList<>();
    private final Map<String, String> expected = new TreeMap<>();

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder);
        lookUps = Executors.newFixedThreadPool(LOOK_UPS, Thread.ofVirtual().factory());
    }

    @AfterEach
    void close() {
        if (fleet != null) {
            lookUps.close();
            fleet.close();
        }
    }

    private void tell(List<Received> topic, String name, Message message) {
        topic.add(new Received(name, 0, topic.size(), new EventCodec.Decoded.Understood(Event.of(message, SOURCE,
                fleet.time
                        .instant()))));
    }

    /** A tenth of the jobs is older than what the topics hold; half of the others have ended. */
    private void fill() {
        var reader = new SubmissionReader();
        var random = new Random(SEED);
        for (int number = 0; number < JOBS; number++) {
            var job = new JobId("job-%06d".formatted(number));
            var body = Intakes.json(Intakes.GENERATE.replace("85", String.valueOf(number)));
            var read = reader.read(body);
            fleet.ledger.create(new StoredRequest(job, "tenant-" + number % 3, read.submission(), Samples.BUNDLE, read
                    .fingerprint(), fleet.time.instant().minusMillis(number)));
            boolean old = number % 10 == 0;
            if (!old) {
                tell(requests, Topics.REQUESTS, new Message.JobRequested(job.value(), body));
            }
            expected.put(job.value(), end(new RunId(job, RunId.FIRST), random, old));
        }
        // Producers repeat, and what is told of jobs comes in the order of nobody's.
        requests.addAll(requests.subList(0, requests.size() / 10).stream().map(record -> new Received(record.topic(), 0,
                requests.size() + record.offset(), record.content())).toList());
        Collections.shuffle(happenings, random);
    }

    private String end(RunId run, Random random, boolean old) {
        if (random.nextBoolean()) {
            return "queued";
        }
        var outcome = random.nextInt(10) == 0 ? Outcome.FAILED : Outcome.SUCCEEDED;
        Manifest manifest = fleet.ledger.commit(Samples.manifest(new AttemptId(run, 1), outcome)).document();
        if (!old) {
            tell(happenings, Topics.EVENTS, Samples.started(new AttemptId(run, 1)));
            tell(happenings, Topics.EVENTS, new Message.RunEnded(manifest));
            tell(happenings, Topics.RESULTS, new Message.RunEnded(manifest));
        }
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    /** As a reader does it: batch after batch, and again what could not be taken. */
    private static void read(List<Received> records, BatchHandler handler) {
        for (int from = 0; from < records.size(); from += BATCH) {
            handler.handle(records.subList(from, Math.min(records.size(), from + BATCH)));
        }
    }

    private Map<String, String> states() {
        var states = new TreeMap<String, String>();
        for (int tenant = 0; tenant < 3; tenant++) {
            var filter = new JobIndex.Filter("tenant-" + tenant, Optional.empty(), Optional.empty());
            var after = Optional.<JobIndex.Cursor>empty();
            var page = fleet.index.list(filter, after, BATCH);
            while (!page.isEmpty()) {
                page.forEach(entry -> assertThat(states.put(entry.request().job().value(), entry.state().name()
                        .toLowerCase(
                                Locale.ROOT))).isNull());
                page = fleet.index.list(filter, Optional.of(JobIndex.Cursor.of(page.getLast())), BATCH);
            }
        }
        return states;
    }

    private static <T> T timed(String what, Supplier<T> work) {
        long begin = System.nanoTime();
        var result = work.get();
        if (System.getProperty("atelier.restart.jobs") != null) {
            System.gc();
            var heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            System.out.printf(Locale.ROOT, "%s after %.1f s, %d MiB of heap%n", what, (System.nanoTime() - begin) / 1e9,
                    heap >> 20);
        }
        return result;
    }

    @Test
    void everyJobIsThereOnceInTheStateThatTheStoreGivesIt() {
        fill();
        var intake = Intakes.over(fleet);
        var takeRequests = new Isolating(new RequestIngest(intake, fleet.book, fleet.events, Fleet.SETTINGS.pools(),
                fleet.metrics, new Bell(), lookUps), fleet.book, fleet.metrics);
        var takeEvents = new Isolating(new EventIngest(fleet.book, fleet.workers, new JobWatch(), fleet.metrics,
                new Bell(),
                fleet.time, fleet.webhooks), fleet.book, fleet.metrics);

        timed(kind + ": " + requests.size() + " requests and " + happenings.size() + " events read", () -> {
            var one = CompletableFuture.runAsync(() -> read(requests, takeRequests));
            var other = CompletableFuture.runAsync(() -> read(happenings, takeEvents));
            return CompletableFuture.allOf(one, other).join();
        });
        int[] restored = new int[1];
        var sweep = new StoreSweep(fleet.store, fleet.ledger, fleet.book, Fleet.SETTINGS.pools(), lookUps);
        timed(kind + ": store looked through", () -> sweep.run(() -> true, (lookedAt,
                missing) -> restored[0] = missing));

        assertThat(restored[0]).as("those that the topics no longer held").isEqualTo((JOBS + 9) / 10);
        assertThat(states().equals(expected)).as("the same jobs in the same states").isTrue();
        assertThat(fleet.book.positions(Topics.REQUESTS)).isEqualTo(Map.of(0, (long) requests.size()));
        fleet.step();
        assertThat(fleet.fed()).as("what waits is fed, and nothing that has ended").hasSize(2).allSatisfy(
                attempt -> assertThat(expected).containsEntry(attempt.job().value(), "queued"));
    }
}
