package org.atelier.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;

import org.junit.jupiter.api.Test;

class JobRequestTest {
    private final OptimizeRequest edit = OptimizeRequest.of("avatar-128", new Source.Seed(7), "a smile");

    @Test
    void ofHasThePublishedDefaults() {
        assertThat(edit.steps()).isEqualTo(OptimizeRequest.STEPS);
        assertThat(edit.learningRate()).isEqualTo(OptimizeRequest.LEARNING_RATE);
        assertThat(edit.mode()).isEqualTo(OptimizeRequest.Mode.FAITHFUL);
        var best = OptimizeRequest.best("avatar-128", new Source.Seed(7), "a smile");
        assertThat(best.mode()).isEqualTo(OptimizeRequest.Mode.BEST);
        assertThat(best.steps()).isEqualTo(OptimizeRequest.BEST_STEPS);
    }

    @Test
    void withSetsOneFieldAndLeavesTheOthers() {
        var changed = (OptimizeRequest) edit.with("steps", 50).with("truncation", Map.of("psi", 0.5)).with("source",
                new Source.Seed(8));

        assertThat(changed.steps()).isEqualTo(50);
        assertThat(changed.truncation()).isEqualTo(Truncation.psi(0.5));
        assertThat(changed.source()).isEqualTo(new Source.Seed(8));
        assertThat(changed.with("steps", edit.steps()).with("truncation", edit.truncation()).with("source", edit
                .source())).isEqualTo(edit);
    }

    @Test
    void whatIsNoFieldOrNoValueOfItIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> edit.with("stepps", 50)).withMessageContaining("stepps");
        assertThatIllegalArgumentException().isThrownBy(() -> edit.with("steps", 0.5)).withMessageContaining(
                "optimize");
    }
}
