package org.atelier.worker.edit.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionApplyRequest.Selection;
import org.atelier.worker.edit.direction.StyleChannels.Layer;
import org.junit.jupiter.api.Test;

class StyleDirectionTest {
    private static final StyleChannels CHANNELS = new StyleChannels(List.of(new Layer("pose", 1, false), new Layer(
            "conv",
            2, true), new Layer("torgb", 1, false), new Layer("later", 1, true)));
    /** Their cosines to the first axis are 0.6, -0.8 and 0.1. */
    private static final DirectionTable TABLE = new DirectionTable(Map.of(), CHANNELS, new float[5], new float[]{9, 1,
            2,
            9, 4}, 0, new float[][]{{0.6f, 0.8f}, {-0.8f, 0.6f}, {0.1f, 0.995f}});
    private static final float[] TEXT = {1, 0};

    @Test
    void channelsBelowBetaAreLeftOutAndOthersScaledByTheirDeviation() {
        var direction = StyleDirection.of(TABLE, TEXT, new Selection.Beta(0.5));

        assertThat(direction.boundary()).usingComparatorWithPrecision(1e-6f).containsExactly(0, 0.75f, -2, 0, 0);
        assertThat(direction.channels()).extracting(StyleDirection.Channel::name).containsExactly("conv:1", "conv:0");
    }

    @Test
    void aBudgetKeepsTheMostRelevantChannels() {
        assertThat(StyleDirection.of(TABLE, TEXT, new Selection.Budget(1)).channels()).extracting(
                StyleDirection.Channel::name).containsExactly("conv:1");
        assertThat(StyleDirection.of(TABLE, TEXT, new Selection.Budget(2)).beta()).isCloseTo(0.6, within(1e-6));
        assertThat(StyleDirection.of(TABLE, TEXT, new Selection.Budget(50)).channels()).hasSize(3);
    }

    @Test
    void aBetaThatLeavesNothingSaysTheLargestUsableOne() {
        assertThatThrownBy(() -> StyleDirection.of(TABLE, TEXT, new Selection.Beta(0.9)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("Beta value too high")
                .hasMessageContaining("largest usable beta for this text is 0.8")
                .extracting(e -> ((JobException) e).category())
                .isEqualTo(ErrorCategory.INVALID_REQUEST);
    }

    @Test
    void theLargestUsableBetaThatIsSaidIsUsable() {
        assertThat(StyleDirection.of(TABLE, TEXT, new Selection.Beta(0.8)).channels()).hasSize(1);
    }

    @Test
    void textsOfOneMeaningHaveNoDirection() {
        assertThatThrownBy(() -> StyleDirection.of(TABLE, new float[2], new Selection.Beta(0.1)))
                .hasMessageContaining("mean the same");
    }
}
