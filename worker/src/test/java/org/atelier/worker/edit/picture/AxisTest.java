package org.atelier.worker.edit.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void marksAreRoundNumbers() {
        var axis = Axis.between(0, 299, 10);

        assertThat(axis.step()).isEqualTo(50);
        assertThat(axis.marks()).containsExactly(0, 50, 100, 150, 200, 250);
        assertThat(axis.text(50)).isEqualTo("50");
    }

    @Test
    void smallStepsHaveTheDigitsTheyNeed() {
        var axis = Axis.around(new double[]{0.812, 0.674}, 4);

        assertThat(axis.step()).isEqualTo(0.05);
        assertThat(axis.marks()).hasSize(3);
        assertThat(axis.text(axis.marks()[0])).isEqualTo("0.70");
        assertThat(Axis.around(new double[]{3e7, 4e7}, 4).text(3e7)).isEqualTo("3.0e+07");
    }

    @Test
    void equalValuesGetRoom() {
        var axis = Axis.around(new double[]{0}, 4);

        assertThat(axis.place(0)).isEqualTo(0.5);
        assertThat(axis.low()).isNegative();
    }
}
