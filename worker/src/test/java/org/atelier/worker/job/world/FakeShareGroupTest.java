package org.atelier.worker.job.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;

import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.worker.job.slot.ReadyConsumer;
import org.junit.jupiter.api.Test;

/** The fake does what brokers were measured to do, also what one would not expect. */
class FakeShareGroupTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Duration LOCK = Duration.ofSeconds(30);

    private final FakeTiming timing = new FakeTiming();
    private final FakeShareGroup group = new FakeShareGroup(timing, LOCK);

    private void append() {
        group.append(new Decoded.Newer("anything"));
    }

    private ReadyConsumer holding() {
        var consumer = group.open();
        assertThat(consumer.poll(NOW)).isPresent();
        return consumer;
    }

    @Test
    void aLateAcknowledgementSucceedsOnceTheStartOffsetHasPassed() {
        append();
        var late = holding();
        timing.advance(LOCK);
        var other = holding();
        assertThat(late.renew()).isFalse();
        other.accept();

        append();
        append();
        var zombie = holding();
        timing.advance(LOCK);
        assertThat(holding().accept()).isTrue();
        assertThat(zombie.renew()).isTrue();
        assertThat(zombie.accept()).isTrue();
    }

    @Test
    void aLateAcknowledgementFailsWhileAnOlderRecordPinsTheStartOffset() {
        append();
        append();
        var pinning = holding();
        var late = holding();
        timing.advance(LOCK.minusSeconds(1));
        assertThat(pinning.renew()).isTrue();
        timing.advance(Duration.ofSeconds(1));
        assertThat(holding().accept()).isTrue();

        assertThat(late.accept()).isFalse();
    }

    @Test
    void aConsumerThatIsNotPolledTakesARecordAndStrandsIt() {
        var idle = group.open();
        assertThat(idle.poll(NOW)).isEmpty();
        append();
        var other = group.open();
        assertThat(other.poll(NOW)).isEmpty();

        timing.advance(LOCK);
        assertThat(other.poll(NOW)).isPresent();
        assertThat(group.deliveries(0)).isEqualTo(2);
        // And hands out its stale copy later.
        assertThat(idle.poll(NOW)).isPresent();
    }

    @Test
    void closingFreesAtOnceAndCounts() {
        append();
        for (int delivery = 1; delivery <= FakeShareGroup.DELIVERY_LIMIT; delivery++) {
            holding().close();
            assertThat(group.deliveries(0)).isEqualTo(delivery);
        }

        assertThat(group.open().poll(NOW)).isEmpty();
        assertThat(group.allAccepted()).isFalse();
    }

    @Test
    void aRenewedLockHolds() {
        append();
        var holder = holding();
        for (int third = 0; third < 9; third++) {
            timing.advance(LOCK.dividedBy(3));
            assertThat(holder.renew()).isTrue();
            assertThat(group.open().poll(NOW)).isEmpty();
        }
    }

    @Test
    void aConnectionThatBreaksFreesTheRecord() {
        append();
        var holder = holding();
        group.setDown(true);
        assertThat(holder.renew()).isFalse();
        group.setDown(false);

        assertThat(group.waiting()).isEqualTo(1);
    }

    @Test
    void aRecordThatIsHeldMustBeAcknowledgedBeforeTheNextPoll() {
        append();
        var holder = holding();

        assertThatIllegalStateException().isThrownBy(() -> holder.poll(NOW));
    }
}
