package org.atelier.dispatcher.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.ReadyTopic;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Samples;
import org.atelier.dispatcher.support.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two dispatchers that both take themselves for the leader, on one PostgreSQL, one store and one set of topics: one was paused
 * while the other took over, and goes on where it was. Every job still ends once.
 */
class TwoLeadersTest {
    private static final int JOBS = 30;
    private static final int SLOTS = 4;
    private static final int MOST_ROUNDS = 2_000;

    @TempDir
    private Path folder;

    private Fleet one;
    private Fleet two;
    private volatile CountDownLatch paused = new CountDownLatch(0);
    private final CountDownLatch sending = new CountDownLatch(1);

    @BeforeEach
    void open() {
        one = new Fleet(TestDatabase.POSTGRESQL, folder);
        two = one.beside(TestDatabase.POSTGRESQL.in(folder), pausing());
    }

    @AfterEach
    void close() {
        if (two != null) {
            two.close();
        }
        if (one != null) {
            one.close();
        }
    }

    /** A feeder that stops inside send until the test lets it go on. */
    private UnaryOperator<ReadyTopic> pausing() {
        return topic -> new ReadyTopic() {
            @Override
            public CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready,
                    @Nullable TraceContext trace) {
                try {
                    sending.countDown();
                    paused.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return topic.feed(pool, ready, trace);
            }

            @Override
            public Map<Integer, Long> doneBefore(String pool) {
                return topic.doneBefore(pool);
            }

            @Override
            public void trim(String pool) {
                topic.trim(pool);
            }
        };
    }

    /** The workers take every record that lies there, claim, and end what they may. */
    private void work() {
        for (var record = one.ready.take(); record.isPresent(); record = one.ready.take()) {
            run(one.ready.read(record.get()).attempt());
            one.ready.done(record.get());
        }
    }

    private void run(AttemptId attempt) {
        if (one.ledger.manifest(attempt.run()).isPresent()) {
            return;
        }
        var claim = new Claim(attempt, "token-" + attempt, "worker-1", "host-1", one.time.instant());
        if (!(one.ledger.claim(claim) instanceof Creation.Created<Claim>)) {
            return;
        }
        one.hear(Samples.started(attempt));
        var manifest = one.ledger.commit(Samples.manifest(attempt, Outcome.SUCCEEDED)).document();
        one.events.publishAndWait(Topics.RESULTS, new Message.RunEnded(manifest));
        one.hear(new Message.RunEnded(manifest));
    }

    private void assertEveryJobEndedOnce() {
        for (int job = 0; job < JOBS; job++) {
            assertThat(one.state("job-" + job)).isEqualTo(JobState.SUCCEEDED);
            assertThat(one.ledger.manifest(Samples.run("job-" + job))).map(Manifest::attempt).as(
                    "one attempt was enough")
                    .contains(1);
        }
        assertThat(one.store.list("jobs/").filter(object -> object.key().endsWith("/manifest.json"))).hasSize(JOBS);
        assertThat(one.store.list("jobs/").filter(object -> object.key().endsWith("/claim.json"))).hasSize(JOBS);
        assertThat(one.results()).extracting(Manifest::run).doesNotHaveDuplicates().hasSize(JOBS);
    }

    private void accept() {
        IntStream.range(0, SLOTS).forEach(slot -> one.workers.alive(Samples.worker("worker-" + slot)));
        IntStream.range(0, JOBS).forEach(job -> one.accept("job-" + job));
    }

    @Test
    void aLeaderThatWasPausedInsideSendIsHarmlessWhenItGoesOn() throws Exception {
        accept();
        paused = new CountDownLatch(1);
        var old = CompletableFuture.runAsync(two::step);
        assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();

        for (int round = 0; round < JOBS; round++) {
            one.step();
            work();
        }
        assertEveryJobEndedOnce();
        int fed = one.fed().size();
        paused.countDown();
        old.get(30, TimeUnit.SECONDS);
        work();
        two.step();
        work();

        assertThat(one.fed()).as("it has fed what had ended long before").hasSizeGreaterThan(fed);
        assertEveryJobEndedOnce();
    }

    @Test
    void twoThatDecideAtTheSameTimeAreHarmless() {
        accept();
        var over = new AtomicBoolean();
        var old = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                two.step();
            }
        });

        for (int round = 0; round < MOST_ROUNDS && one.results().size() < JOBS; round++) {
            one.step();
            work();
        }
        over.set(true);
        await().atMost(Duration.ofSeconds(30)).until(old::isDone);
        work();

        assertThat(old).isCompleted();
        assertEveryJobEndedOnce();
    }
}
