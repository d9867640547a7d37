package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class DepthTest {
    private long now;
    private final Depth depth = new Depth(() -> now);

    private void after(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aPoolWithoutSlotsHasTwoSoThatWhoComesFindsWork() {
        assertThat(depth.of("edit", 0, 0, 0)).isEqualTo(2);
    }

    @Test
    void everyIdleSlotHasOneAndOneIsAtHand() {
        assertThat(depth.of("edit", 8, 0, 0)).isEqualTo(9);
        assertThat(depth.of("edit", 8, 5, 9)).isEqualTo(4);
        assertThat(depth.of("edit", 8, 8, 9)).isEqualTo(1);
    }

    @Test
    void slotsOfTheDeadAreNotIdle() {
        assertThat(depth.of("edit", 1, 3, 3)).isEqualTo(1);
    }

    @Test
    void neverMoreThanTwoASlot() {
        assertThat(depth.of("edit", 1, 0, 0)).isEqualTo(2);
        manyEnd();
        assertThat(depth.of("edit", 3, 3, 3)).isEqualTo(6);
    }

    @Test
    void jobsOfMinutesHaveOneAheadAndJobsOfMillisecondsAsManyAsMayBe() {
        depth.of("train", 4, 4, 5);
        for (int minute = 0; minute < 10; minute++) {
            after(Duration.ofMinutes(1));
            assertThat(depth.of("train", 4, 4, 4)).isEqualTo(1);
            depth.fed("train", 1);
        }

        manyEnd();
        assertThat(depth.of("edit", 100, 100, 101)).isBetween(18, 22);
    }

    @Test
    void aPaceIsForgottenWhenNothingEnds() {
        manyEnd();
        after(Duration.ofSeconds(20));
        assertThat(depth.of("edit", 100, 100, 101)).isEqualTo(1);
    }

    @Test
    void poolsHaveAPaceEach() {
        manyEnd();
        assertThat(depth.of("train", 100, 100, 101)).isEqualTo(1);
    }

    /** Twenty a second, each replaced by another, until the pace is known. */
    private void manyEnd() {
        depth.of("edit", 100, 100, 101);
        for (int tenth = 0; tenth < 200; tenth++) {
            after(Duration.ofMillis(100));
            depth.of("edit", 100, 98, 99);
            depth.fed("edit", 2);
        }
    }
}
