package org.atelier.worker.edit.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;
import org.junit.jupiter.api.Test;

class LossChartTest {
    private static final int BLUE = 2;

    private static double[] falling(int count, double from) {
        return IntStream.range(0, count).mapToDouble(step -> from * Math.exp(-step / 20.0)).toArray();
    }

    /** Rows of the picture's column where a curve that is not the first one runs. */
    private static int[] curve(Picture chart, int x) {
        var raster = Raster.of(chart);
        return IntStream.range(0, chart.height())
                .filter(y -> raster.at(x, y, BLUE) - raster.at(x, y, 0) > 100)
                .toArray();
    }

    @Test
    void totalComesFirstAndEveryLossHasItsPanel() {
        var chart = new LossChart("optimize", Map.of("clip", falling(50, 1), "loss", falling(50, 2), "l2", falling(50,
                30)));
        var one = new LossChart("optimize", Map.of("loss", falling(50, 2)));
        var two = new LossChart("optimize", Map.of("loss", falling(50, 2), "clip", falling(50, 1)));

        assertThat(chart.names()).containsExactly("loss", "clip", "l2");
        int panel = two.draw().height() - one.draw().height();
        assertThat(panel).isPositive();
        assertThat(chart.draw().height() - two.draw().height()).isEqualTo(panel);
    }

    @Test
    void curveFallsWhereTheLossFalls() {
        var chart = new LossChart("", Map.of("loss", falling(100, 2), "clip", falling(100, 1))).draw();

        var early = curve(chart, 120);
        var late = curve(chart, 700);

        assertThat(early).isNotEmpty();
        assertThat(late).isNotEmpty();
        assertThat(Arrays.stream(late).average().orElseThrow()).isGreaterThan(Arrays.stream(early).average()
                .orElseThrow() + 50);
    }

    @Test
    void stepsThatSaidNothingAreGaps() {
        var steps = IntStream.range(0, 100)
                .mapToObj(step -> step >= 40 && step < 60
                        ? Map.of("loss", 1.0 / (step + 1))
                        : Map.of("loss", 1.0 / (step + 1), "clip", 0.5 + step / 100.0))
                .toList();

        var chart = LossChart.of("", steps).draw();

        assertThat(curve(chart, 74 + 666 / 2)).isEmpty();
        assertThat(curve(chart, 74 + 666 / 4)).isNotEmpty();
        assertThat(curve(chart, 74 + 666 * 3 / 4)).isNotEmpty();
    }

    @Test
    void aSingleStepAndAConstantLossCanBeDrawn() {
        var single = new LossChart("one step", Map.of("loss", new double[]{0.5})).draw();
        var constant = new LossChart("flat", Map.of("loss", new double[]{0, 0, 0})).draw();

        assertThat(single.width()).isEqualTo(constant.width());
        assertThat(single.height()).isEqualTo(constant.height());
    }

    @Test
    void equalChartsHaveEqualBytes() {
        assertThat(new LossChart("t", Map.of("loss", falling(9, 1), "clip", falling(9, 2))).draw().png())
                .isEqualTo(new LossChart("t", Map.of("clip", falling(9, 2), "loss", falling(9, 1))).draw().png());
    }

    @Test
    void nothingToDrawIsRefused() {
        var none = List.<Map<String, Double>>of();
        var uneven = Map.of("loss", new double[2], "clip", new double[3]);

        assertThatThrownBy(() -> LossChart.of("", none)).hasMessageContaining("needs a step");
        assertThatThrownBy(() -> new LossChart("", uneven)).hasMessageContaining("one length");
    }
}
