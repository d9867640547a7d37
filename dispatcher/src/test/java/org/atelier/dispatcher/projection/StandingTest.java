package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.atelier.common.api.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingTest {
    @Test
    void laterIsByRunThenByEndThenByAttemptThenByState() {
        var inOrder = List.of(
                new Standing(1, 0, JobState.QUEUED),
                new Standing(1, 1, JobState.READY),
                new Standing(1, 1, JobState.RUNNING),
                new Standing(1, 1, JobState.RETRYING),
                new Standing(1, 2, JobState.READY),
                new Standing(1, Integer.MAX_VALUE, JobState.RETRYING),
                new Standing(1, 0, JobState.CANCELLED),
                new Standing(1, Integer.MAX_VALUE, JobState.SUCCEEDED),
                new Standing(2, 0, JobState.QUEUED),
                new Standing(1 << 22, Integer.MAX_VALUE, JobState.FAILED));

        assertThat(inOrder).extracting(Standing::order).isSorted().doesNotHaveDuplicates().allMatch(
                order -> order > 0);
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void statesAreWrittenAndRead(JobState state) {
        assertThat(Standing.state(Standing.text(state))).isEqualTo(state);
    }

    @Test
    void refusesWhatItCannotOrder() {
        assertThatThrownBy(() -> new Standing((1 << 22) + 1, 0, JobState.QUEUED)).isInstanceOf(
                IllegalArgumentException.class);
        assertThatThrownBy(() -> new Standing(1, -1, JobState.QUEUED)).isInstanceOf(IllegalArgumentException.class);
    }
}
