package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.progressed;
import static org.atelier.dispatcher.support.Samples.started;

import java.nio.file.Path;
import java.time.Duration;

import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
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

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ReaperTest {
    @Parameter
    private TestDatabase kind;

    private static final Duration HEARTBEAT = Fleet.SETTINGS.heartbeat();
    private static final AttemptId FIRST = attempt("job-1", 1);
    private static final AttemptId SECOND = attempt("job-1", 2);

    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void aWorkerRunsAJob() {
        fleet = new Fleet(kind, folder);
        fleet.accept("job-1");
        fleet.step();
        fleet.claim(FIRST);
        fleet.hear(started(FIRST));
        fleet.step();
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private void assertThatNobodyIsLost() {
        assertThat(fleet.events.published(Message.AttemptFailed.class)).isEmpty();
        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void anAttemptWhoseSequenceMovesIsAlive() {
        for (int sequence = 1; sequence <= 10; sequence++) {
            fleet.pass(HEARTBEAT.multipliedBy(2));
            fleet.hear(progressed(FIRST, sequence));
        }
        assertThatNobodyIsLost();
    }

    @Test
    void aSilentAttemptIsLostAfterThreeHeartbeatsAndTheNextIsFedAtOnce() {
        fleet.hear(progressed(FIRST, 1));
        fleet.step();

        fleet.pass(HEARTBEAT.multipliedBy(3).minusMillis(500));
        assertThatNobodyIsLost();

        fleet.pass(Duration.ofMillis(500));
        assertThat(fleet.events.published(Message.AttemptFailed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.attempt()).isEqualTo(FIRST);
            assertThat(failed.failure().category()).isEqualTo(ErrorCategory.TIMEOUT);
            assertThat(failed.failure().message()).contains("worker-1").contains("host-1").contains("6.0 s");
        });
        assertThat(fleet.fed()).containsExactly(FIRST, SECOND);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.READY);
        assertThat(fleet.entry("job-1").attempt()).isEqualTo(2);
    }

    @Test
    void repeatedSignsOfLifeAreNoSignsOfLife() {
        fleet.hear(progressed(FIRST, 7));
        fleet.step();
        for (int i = 0; i < 3; i++) {
            fleet.pass(HEARTBEAT);
            fleet.hear(progressed(FIRST, 7));
            fleet.hear(progressed(FIRST, 6));
        }
        fleet.step();

        assertThat(fleet.events.published(Message.AttemptFailed.class)).hasSize(1);
    }

    @Test
    void aLeaseThatMovesInTheStoreCountsWhereEventsAreLate() {
        fleet.hear(progressed(FIRST, 1));
        fleet.step();
        for (int sequence = 2; sequence < 20; sequence++) {
            fleet.renew(FIRST, sequence);
            fleet.pass(HEARTBEAT);
        }
        assertThatNobodyIsLost();

        fleet.pass(HEARTBEAT.multipliedBy(6));
        assertThat(fleet.events.published(Message.AttemptFailed.class)).hasSize(1);
    }

    @Test
    void nothingIsDecidedWhileTheStoreIsAwayAndEverybodyGetsTheFullTimeAfterwards() {
        fleet.store.setDown(true);
        fleet.pass(Duration.ofMinutes(1));
        assertThatNobodyIsLost();

        fleet.store.setDown(false);
        fleet.renew(FIRST, 1);
        fleet.pass(HEARTBEAT.multipliedBy(3));
        assertThatNobodyIsLost();

        fleet.pass(HEARTBEAT.multipliedBy(6));
        assertThat(fleet.events.published(Message.AttemptFailed.class)).hasSize(1);
    }

    @Test
    void aLossThatCouldNotBeToldIsToldLater() {
        fleet.events.setDown(true);
        fleet.pass(HEARTBEAT.multipliedBy(4));
        assertThatNobodyIsLost();

        fleet.events.setDown(false);
        fleet.step();
        assertThat(fleet.events.published(Message.AttemptFailed.class)).hasSize(1);
        assertThat(fleet.fed()).containsExactly(FIRST, SECOND);
    }

    @Test
    void aRunThatHadEndedIsToldOfAgainAndNotRepeated() {
        var manifest = manifest(FIRST, Outcome.SUCCEEDED);
        fleet.ledger.commit(manifest);

        fleet.pass(HEARTBEAT.multipliedBy(4));

        assertThat(fleet.results()).containsExactly(manifest);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.SUCCEEDED);
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @Test
    void aJobThatKillsItsWorkersUsesUpItsAttempts() {
        fleet.pass(HEARTBEAT.multipliedBy(4));
        for (int number = 2; number <= 3; number++) {
            fleet.claim(attempt("job-1", number));
            fleet.hear(started(attempt("job-1", number)));
            fleet.pass(HEARTBEAT.multipliedBy(4));
        }

        assertThat(fleet.fed()).containsExactly(FIRST, SECOND, attempt("job-1", 3));
        assertThat(fleet.state("job-1")).isEqualTo(JobState.FAILED);
        assertThat(fleet.ledger.manifest(FIRST.run())).get().satisfies(manifest -> {
            assertThat(manifest.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(manifest.attempt()).isEqualTo(3);
            assertThat(manifest.failure().category()).isEqualTo(ErrorCategory.TIMEOUT);
        });
    }

    @Test
    void aZombieThatFinishesWinsOverTheAttemptThatReplacedIt() {
        fleet.pass(HEARTBEAT.multipliedBy(4));
        assertThat(fleet.fed()).containsExactly(FIRST, SECOND);
        var manifest = manifest(FIRST, Outcome.SUCCEEDED);
        fleet.ledger.commit(manifest);
        fleet.hear(new Message.RunEnded(manifest));
        fleet.hear(started(SECOND));

        fleet.pass(HEARTBEAT.multipliedBy(10));

        assertThat(fleet.state("job-1")).isEqualTo(JobState.SUCCEEDED);
        assertThat(fleet.fed()).containsExactly(FIRST, SECOND);
    }
}
