package org.atelier.worker.job.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.StoreException;
import org.atelier.worker.job.runner.StopReason;
import org.atelier.worker.job.world.FakeTiming;
import org.atelier.worker.job.world.Fleet;
import org.junit.jupiter.api.Test;

class StoreRetryTest {
    private final FakeTiming timing = new FakeTiming();
    private final Lifeline lifeline = new Lifeline(Fleet.FIRST, timing);
    private final StoreRetry retry = new StoreRetry(lifeline);
    private int calls;

    private String failing(int times) {
        if (++calls <= times) {
            throw new StoreException("The store is away.", null);
        }
        return "done";
    }

    @Test
    void asksAgainUntilItAnswers() {
        assertThat(retry.call(() -> failing(StoreRetry.TRIES - 1))).isEqualTo("done");
        assertThat(calls).isEqualTo(StoreRetry.TRIES);
    }

    @Test
    void givesUpInTheEnd() {
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> retry.call(() -> failing(99)));
        assertThat(calls).isEqualTo(StoreRetry.TRIES);
    }

    @Test
    void doesNotAskAgainForWhatIsNotThere() {
        assertThatExceptionOfType(NoSuchObjectException.class).isThrownBy(() -> retry.call(() -> {
            calls++;
            throw new NoSuchObjectException("key");
        }));
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void stopsAskingOnceTheAttemptIsNoLongerOurs() {
        timing.meanwhile(() -> lifeline.stop(new StopReason.Superseded("another")));

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> retry.call(() -> failing(99)));
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aWorkerThatLeavesStillAsks() {
        lifeline.stop(new StopReason.Draining());

        assertThat(retry.call(() -> failing(2))).isEqualTo("done");
    }
}
