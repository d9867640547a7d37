package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.started;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.trace.Spans;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dispatcher that was stopped in the midst of writing a ready record, and goes on when another has long taken over. */
class FeederSuccessionTest {
    private static final AttemptId FIRST = attempt("job-1", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Fleet fleet;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch resumed = new CountDownLatch(1);
    private CompletableFuture<Void> stopped;

    /** Stops its first caller before the record is written. */
    private final class StoppingTopic implements ReadyTopic {
        @Override
        public CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready,
                @Nullable TraceContext trace) {
            reached.countDown();
            try {
                assertThat(resumed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return fleet.ready.feed(pool, ready, trace);
        }

        @Override
        public Map<Integer, Long> doneBefore(String pool) {
            return fleet.ready.doneBefore(pool);
        }

        @Override
        public void trim(String pool) {
            fleet.ready.trim(pool);
        }
    }

    @BeforeEach
    void aFeederIsStoppedAndAnotherFeeds() throws InterruptedException {
        fleet = new Fleet(folder);
        fleet.accept("job-1");
        var ender = new RunEnder(fleet.ledger, fleet.events, fleet.book, fleet.time, Spans.OFF);
        var old = new Feeder(Fleet.SETTINGS.pools(), Fleet.SETTINGS.tenants(), fleet.book, new StoppingTopic(),
                fleet.events, fleet.workers, ender, fleet.metrics, fleet.time, fleet.time::nanos,
                Spans.OFF);
        stopped = CompletableFuture.runAsync(old::step);
        assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        fleet.step();
        assertThat(fleet.fed()).as("by its successor").containsExactly(FIRST);
    }

    @AfterEach
    void close() {
        resumed.countDown();
        stopped.join();
        fleet.close();
    }

    private void resume() {
        resumed.countDown();
        stopped.join();
        assertThat(fleet.fed()).as("the old one writes its record now").containsExactly(FIRST, FIRST);
    }

    @Test
    void whatRunsGoesOnAndTheSecondRecordFindsTheClaim() {
        fleet.claim(FIRST);
        fleet.hear(started(FIRST));

        resume();

        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
        assertThat(fleet.ledger.claim(new Claim(FIRST, "late", "worker-2", "host-2", fleet.time.instant())))
                .as("whoever takes the second record").isInstanceOf(Creation.Existing.class);
        fleet.renew(FIRST, 1);
        fleet.pass(Duration.ofSeconds(5));
        assertThat(fleet.fed()).hasSize(2);
    }

    @Test
    void whatHasFailedIsAtItsNextAttemptAlready() {
        fleet.claim(FIRST);
        fleet.hear(started(FIRST));
        fleet.pass(Duration.ofSeconds(7));
        assertThat(fleet.fed()).containsExactly(FIRST, attempt("job-1", 2));

        resumed.countDown();
        stopped.join();

        assertThat(fleet.fed()).containsExactly(FIRST, attempt("job-1", 2), FIRST);
        assertThat(fleet.entry("job-1").attempt()).isEqualTo(2);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.READY);
        assertThat(fleet.book.fed()).singleElement().satisfies(fed -> {
            assertThat(fed.attempt()).isEqualTo(attempt("job-1", 2));
            assertThat(fed.record().offset()).as("where the newest attempt's record lies").isEqualTo(1);
        });
    }

    @Test
    void whatHasEndedStaysEnded() {
        var end = manifest(FIRST, Outcome.SUCCEEDED);
        fleet.ledger.commit(end);
        fleet.hear(new Message.RunEnded(end));
        fleet.book.write(batch -> batch.announced(end.run()));

        resume();
        fleet.pass(Duration.ofMinutes(10));

        assertThat(fleet.state("job-1")).isEqualTo(JobState.SUCCEEDED);
        assertThat(fleet.fed()).hasSize(2);
        assertThat(fleet.results()).isEmpty();
    }

    @Test
    void whatWaitsIsFedTwiceAndNoThirdTime() {
        resume();
        fleet.pass(Duration.ofMinutes(10));

        assertThat(fleet.state("job-1")).isEqualTo(JobState.READY);
        assertThat(fleet.fed()).hasSize(2);
    }
}
