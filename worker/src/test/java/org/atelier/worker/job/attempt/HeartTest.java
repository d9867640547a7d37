package org.atelier.worker.job.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.event.Message.AttemptProgressed;
import org.atelier.common.event.Message.AttemptStarted;
import org.atelier.common.event.Message.Progress;
import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Lease;
import org.atelier.common.store.StoreKeys;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.StopReason;
import org.atelier.worker.job.world.Fleet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartTest {
    @TempDir
    private Path scratch;

    private final List<Runnable> courierThread = new ArrayList<>();
    private final WorkerMetrics metrics = new WorkerMetrics(new SimpleMeterRegistry());
    private Fleet fleet;
    private Lifeline lifeline;
    private Courier courier;
    private Heart heart;

    @BeforeEach
    void make() {
        fleet = new Fleet(scratch);
        lifeline = new Lifeline(Fleet.FIRST, fleet.timing());
        courier = new Courier(fleet.events(), courierThread::add, metrics, null);
        heart = new Heart(claim(1), lifeline, fleet.ledger(), courier, metrics,
                new LogKeeper(Fleet.FIRST, AttemptLogs.NONE, fleet.ledger()));
    }

    private Claim claim(int attempt) {
        return new Claim(new AttemptId(Fleet.RUN, attempt), "token-" + attempt, "worker-" + attempt,
                "host", fleet.clock().instant());
    }

    private void deliver() {
        var sending = List.copyOf(courierThread);
        courierThread.clear();
        sending.forEach(Runnable::run);
    }

    @Test
    void everyBeatMovesTheSequence() {
        heart.beat();
        heart.beat();

        assertThat(fleet.ledger().lease(Fleet.FIRST)).contains(new Lease(Fleet.FIRST, "token-1", 2));
        assertThat(lifeline.stopReason()).isEmpty();
    }

    @Test
    void threeFailuresInARowAreALostLease() {
        heart.beat();
        fleet.store().setDown(true);
        heart.beat();
        heart.beat();
        assertThat(lifeline.stopReason()).isEmpty();
        heart.beat();

        assertThat(lifeline.stopReason()).get().isInstanceOf(StopReason.LeaseLost.class);
        assertThat(lifeline.lost().isRaised()).isTrue();
    }

    @Test
    void aSuccessBetweenFailuresStartsTheCountAnew() {
        for (int round = 0; round < 5; round++) {
            fleet.store().setDown(true);
            heart.beat();
            heart.beat();
            fleet.store().setDown(false);
            heart.beat();
        }

        assertThat(lifeline.stopReason()).isEmpty();
    }

    @Test
    void aFailedBeatStillSaysThatItIsThere() {
        fleet.store().setDown(true);
        heart.beat();
        deliver();

        assertThat(fleet.events().published(AttemptProgressed.class)).hasSize(1);
    }

    @Test
    void aLaterAttemptsClaimIsNoticed() {
        fleet.ledger().claim(claim(2));
        heart.beat();

        assertThat(lifeline.stopReason()).contains(new StopReason.Superseded("worker-2"));
    }

    @Test
    void aCancelIsNoticedThatTheBroadcastMissed() {
        fleet.cancel();
        heart.beat();

        assertThat(lifeline.stopReason()).contains(new StopReason.Cancelled("somebody"));
        assertThat(lifeline.lost().isRaised()).isFalse();
    }

    @Test
    void aDamagedDocumentIsNoReasonToStop() {
        fleet.store().put(StoreKeys.cancel(Fleet.RUN), new byte[]{'{'}, "application/json");
        for (int beat = 0; beat < 5; beat++) {
            heart.beat();
        }

        assertThat(lifeline.stopReason()).isEmpty();
        assertThat(fleet.ledger().lease(Fleet.FIRST)).get().extracting(Lease::sequence).isEqualTo(5L);
    }

    @Test
    void ofProgressThatPilesUpOnlyTheNewestIsSent() {
        courier.started(new AttemptStarted(Fleet.FIRST, "worker", "host", 0));
        for (int step = 1; step <= 9; step++) {
            lifeline.report(new Progress(step, 9, null, null, null));
            heart.beat();
        }
        deliver();

        assertThat(fleet.events().published()).hasSize(2);
        assertThat(fleet.events().published().getFirst().message()).isInstanceOf(AttemptStarted.class);
        var progress = fleet.events().published(AttemptProgressed.class).getFirst();
        assertThat(progress.sequence()).isEqualTo(9);
        assertThat(progress.progress().step()).isEqualTo(9);
    }

    @Test
    void theGravestReasonCounts() {
        lifeline.stop(new StopReason.Draining());
        lifeline.stop(new StopReason.Cancelled("a"));
        lifeline.stop(new StopReason.Draining());
        lifeline.stop(new StopReason.Cancelled("b"));
        assertThat(lifeline.stopReason()).contains(new StopReason.Cancelled("a"));

        lifeline.stop(new StopReason.Superseded("w"));
        lifeline.stop(new StopReason.LeaseLost("p"));
        assertThat(lifeline.stopReason()).contains(new StopReason.Superseded("w"));
    }
}
