package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Fleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefeederTest {
    private static final AttemptId FIRST = attempt("job-1", 1);

    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void aJobIsFed() {
        fleet = new Fleet(folder);
        fleet.accept("job-1");
        fleet.step();
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aRecordThatWaitsForASlotIsLeftAlone() {
        fleet.pass(Duration.ofHours(1));
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @Test
    void aRecordThatTheShareGroupIsPastIsFedAgain() {
        fleet.ready.finish();

        fleet.pass(Duration.ofMillis(5_500));
        assertThat(fleet.fed()).containsExactly(FIRST);
        fleet.pass(Duration.ofSeconds(1));
        assertThat(fleet.fed()).containsExactly(FIRST, FIRST);

        fleet.pass(Duration.ofHours(1));
        assertThat(fleet.fed()).as("the new record waits").containsExactly(FIRST, FIRST);
    }

    @Test
    void whatAWorkerGivesBackIsFedAgainLaterAndLater() {
        var feedings = new ArrayList<Duration>();
        var waited = Duration.ZERO;
        var deferred = new Message.AttemptDeferred(FIRST, "worker-1", "needs 24 GB");
        fleet.hear(deferred);
        fleet.step();
        while (feedings.size() < 4) {
            int before = fleet.fed().size();
            fleet.pass(Duration.ofMillis(500));
            waited = waited.plusMillis(500);
            if (fleet.fed().size() > before) {
                feedings.add(waited);
                waited = Duration.ZERO;
                fleet.hear(deferred);
            }
        }
        assertThat(feedings).containsExactly(Duration.ofSeconds(6), Duration.ofSeconds(12), Duration.ofSeconds(24),
                Duration.ofSeconds(48));
    }

    @Test
    void whatNoWorkerCanRunBlocksNobody() {
        fleet.accept("job-2");
        fleet.accept("job-3");
        fleet.accept("job-4");
        fleet.step();
        assertThat(fleet.fed()).hasSize(2);

        fleet.hear(new Message.AttemptDeferred(FIRST, "worker-1", "needs 24 GB"));
        fleet.hear(new Message.AttemptDeferred(attempt("job-2", 1), "worker-1", "needs 24 GB"));
        fleet.step();

        assertThat(fleet.fed()).hasSize(4).endsWith(attempt("job-3", 1), attempt("job-4", 1));
    }

    @Test
    void aSlotThatStaysIdleBesideAWaitingRecordGetsItAgain() {
        for (int second = 0; second < 14; second++) {
            fleet.workers.alive(worker("worker-1"));
            fleet.pass(Duration.ofSeconds(1));
        }
        assertThat(fleet.fed()).containsExactly(FIRST);

        for (int second = 0; second < 8; second++) {
            fleet.workers.alive(worker("worker-1"));
            fleet.pass(Duration.ofSeconds(1));
        }
        assertThat(fleet.fed()).containsExactly(FIRST, FIRST);
    }

    @Test
    void aBusySlotProvesNothing() {
        for (int second = 0; second < 60; second++) {
            fleet.workers.alive(worker("worker-1", attempt("another", 1)));
            fleet.pass(Duration.ofSeconds(1));
        }
        assertThat(fleet.fed()).containsExactly(FIRST);
    }

    @Test
    void aClaimWithoutAnEventIsARunningAttempt() {
        fleet.claim(FIRST);
        fleet.ready.finish();

        fleet.pass(Duration.ofSeconds(7));
        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
        assertThat(fleet.fed()).containsExactly(FIRST);

        fleet.pass(Duration.ofSeconds(7));
        assertThat(fleet.fed()).as("its worker never said a word").containsExactly(FIRST, attempt("job-1", 2));
    }

    @Test
    void anEndWithoutAnEventIsToldOfAgain() {
        fleet.ledger.commit(manifest(FIRST, Outcome.SUCCEEDED));
        fleet.ready.finish();

        fleet.pass(Duration.ofSeconds(7));

        assertThat(fleet.fed()).containsExactly(FIRST);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void nothingIsFedAgainUnseen() {
        fleet.ready.finish();
        fleet.store.setDown(true);
        fleet.pass(Duration.ofMinutes(1));
        assertThat(fleet.fed()).containsExactly(FIRST);

        fleet.store.setDown(false);
        fleet.pass(Duration.ofSeconds(7));
        assertThat(fleet.fed()).containsExactly(FIRST, FIRST);
    }
}
