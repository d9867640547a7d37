package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.run;
import static org.atelier.dispatcher.support.Samples.started;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.job.AttemptId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How runs end that no worker ends: after failures, by a cancel, and when the last word was lost. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class EndingTest {
    @Parameter
    private TestDatabase kind;

    private static final AttemptId FIRST = attempt("job-1", 1);
    private static final AttemptId SECOND = attempt("job-1", 2);

    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder);
        fleet.accept("job-1");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private void cancel() {
        fleet.hear(new Message.CancelRequested(run("job-1"), "somebody"));
        fleet.step();
    }

    private void assertThatItWasCancelled() {
        assertThat(fleet.results()).singleElement()
                .satisfies(manifest -> assertThat(manifest.outcome()).isEqualTo(Outcome.CANCELLED));
        assertThat(fleet.state("job-1")).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aFailureWorthARetryIsRetriedAfterTheBackOff() {
        fleet.step();
        fleet.hear(started(FIRST));
        fleet.hear(failed(FIRST, ErrorCategory.STORAGE_UNAVAILABLE));
        fleet.step();

        fleet.pass(Duration.ofMillis(4_500));
        assertThat(fleet.state("job-1")).isEqualTo(JobState.RETRYING);
        assertThat(fleet.fed()).containsExactly(FIRST);

        fleet.pass(Duration.ofMillis(500));
        assertThat(fleet.fed()).containsExactly(FIRST, SECOND);
    }

    @Test
    void aFailureNotWorthARetryEndsTheRun() {
        fleet.step();
        fleet.hear(started(FIRST));
        fleet.hear(failed(FIRST, ErrorCategory.DIVERGED));

        fleet.step();

        assertThat(fleet.results()).singleElement().satisfies(manifest -> {
            assertThat(manifest.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(manifest.attempt()).isEqualTo(1);
            assertThat(manifest.failure().category()).isEqualTo(ErrorCategory.DIVERGED);
            assertThat(manifest.seconds()).containsEntry("optimise", 1.5);
            assertThat(fleet.ledger.manifest(FIRST.run())).contains(manifest);
            assertThat(fleet.events.published()).contains(new Published(Topics.EVENTS, new Message.RunEnded(
                    manifest)));
        });
        assertThat(fleet.state("job-1")).isEqualTo(JobState.FAILED);
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @Test
    void theThirdFailureEndsTheRunAndPreemptionIsNoFailure() {
        var categories = List.of(ErrorCategory.INTERNAL, ErrorCategory.PREEMPTED, ErrorCategory.INTERNAL,
                ErrorCategory.PREEMPTED, ErrorCategory.PREEMPTED, ErrorCategory.INTERNAL);
        int number = 1;
        for (var category : categories) {
            fleet.pass(Duration.ofMinutes(1));
            assertThat(fleet.fed()).last().isEqualTo(attempt("job-1", number));
            fleet.hear(started(attempt("job-1", number)));
            fleet.hear(failed(attempt("job-1", number), category));
            number++;
        }
        fleet.step();

        assertThat(fleet.fed()).hasSize(6);
        assertThat(fleet.results()).singleElement()
                .satisfies(manifest -> assertThat(manifest.attempt()).isEqualTo(6));
    }

    private void preempt(int attempt, int resumedFrom) {
        fleet.pass(Duration.ofMinutes(1));
        assertThat(fleet.fed()).last().isEqualTo(attempt("job-1", attempt));
        fleet.hear(new Message.AttemptStarted(attempt("job-1", attempt), "worker-1", "host-1", resumedFrom));
        fleet.hear(failed(attempt("job-1", attempt), ErrorCategory.PREEMPTED));
    }

    @Test
    void aRunThatGetsFurtherMayBePreemptedForEver() {
        for (int attempt = 1; attempt <= 30; attempt++) {
            preempt(attempt, attempt / 2);
        }
        fleet.step();

        assertThat(fleet.results()).isEmpty();
    }

    @Test
    void aRunThatGetsNoFurtherMayNot() {
        preempt(1, 0);
        for (int attempt = 2; attempt <= 9; attempt++) {
            preempt(attempt, 12);
        }
        fleet.step();

        assertThat(fleet.fed()).as("five are free, three count").hasSize(9);
        assertThat(fleet.results()).singleElement().satisfies(manifest -> {
            assertThat(manifest.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(manifest.failure().category()).isEqualTo(ErrorCategory.PREEMPTED);
            assertThat(manifest.failure().message()).contains("8 times", "no further than step 12",
                    "ATELIER_CHECKPOINT_INTERVAL");
        });
    }

    @Test
    void whereARunHasEndedAlreadyThatEndIsTold() {
        fleet.step();
        var success = manifest(FIRST, Outcome.SUCCEEDED);
        fleet.ledger.commit(success);
        fleet.hear(failed(FIRST, ErrorCategory.DIVERGED));

        fleet.step();

        assertThat(fleet.results()).containsExactly(success);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void anEndThatCouldNotBeToldIsTheSameEndLater() {
        fleet.step();
        fleet.hear(failed(FIRST, ErrorCategory.DIVERGED));
        fleet.events.setDown(true);
        fleet.step();
        var committed = fleet.ledger.manifest(FIRST.run()).orElseThrow();
        assertThat(fleet.state("job-1")).isEqualTo(JobState.RETRYING);

        fleet.events.setDown(false);
        fleet.step();

        assertThat(fleet.results()).containsExactly(committed);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.FAILED);
    }

    @Test
    void aCancelBeforeTheFirstAttemptEndsTheRunWithoutFeedingIt() {
        cancel();

        assertThatItWasCancelled();
        assertThat(fleet.results().getFirst().attempt()).isZero();
        assertThat(fleet.results().getFirst().failure()).isNull();
        assertThat(fleet.fed()).isEmpty();
    }

    @Test
    void aCancelOfAReadyRunEndsItWhereNoWorkerHasIt() {
        fleet.step();
        cancel();

        assertThatItWasCancelled();
    }

    @Test
    void aCancelOfAClaimedRunIsLeftToItsWorker() {
        fleet.step();
        fleet.claim(FIRST);
        cancel();

        assertThat(fleet.results()).isEmpty();
        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
        assertThat(fleet.entry("job-1").cancelling()).isTrue();
    }

    @Test
    void aCancelOfARunWhoseWorkerIsDeadIsCompletedOnceItIsLost() {
        fleet.step();
        fleet.claim(FIRST);
        fleet.hear(started(FIRST));
        cancel();
        assertThat(fleet.results()).isEmpty();

        fleet.pass(Duration.ofSeconds(7));

        assertThatItWasCancelled();
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @Test
    void aCancelDuringTheBackOffEndsTheRun() {
        fleet.step();
        fleet.hear(failed(FIRST, ErrorCategory.INTERNAL));
        fleet.step();
        cancel();

        assertThatItWasCancelled();
        fleet.pass(Duration.ofMinutes(1));
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @Test
    void aResultThatNobodyHeardOfIsRepeatedUntilSomebodyDoes() {
        var manifest = manifest(FIRST, Outcome.SUCCEEDED);
        fleet.hear(new Message.RunEnded(manifest));
        fleet.pass(Duration.ofSeconds(5));
        assertThat(fleet.results()).isEmpty();

        fleet.pass(Duration.ofSeconds(2));
        assertThat(fleet.results()).containsExactly(manifest);

        fleet.book.write(batch -> batch.announced(manifest.run()));
        fleet.pass(Duration.ofMinutes(1));
        assertThat(fleet.results()).containsExactly(manifest);
    }
}
