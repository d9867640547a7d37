package org.atelier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.atelier.worker.job.world.FakeTiming;
import org.junit.jupiter.api.Test;

class IdlenessTest {
    private final FakeTiming timing = new FakeTiming();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Idleness idleness = new Idleness(timing, Duration.ofSeconds(60), busy::get);

    @Test
    void endsAfterItsTime() {
        timing.advance(Duration.ofSeconds(59));
        assertThat(idleness.remaining()).isEqualTo(Duration.ofSeconds(1));
        timing.advance(Duration.ofSeconds(1));
        assertThat(idleness.remaining()).isZero();
    }

    @Test
    void whoeverWorksIsNotIdleHoweverLongItTakes() {
        busy.set(true);
        timing.advance(Duration.ofHours(5));

        assertThat(idleness.remaining()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void countsAnewFromTheEndOfTheLastAttempt() {
        timing.advance(Duration.ofSeconds(59));
        idleness.interrupted();
        timing.advance(Duration.ofSeconds(59));

        assertThat(idleness.remaining()).isEqualTo(Duration.ofSeconds(1));
    }
}
