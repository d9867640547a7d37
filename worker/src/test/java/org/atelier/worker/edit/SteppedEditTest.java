package org.atelier.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.stream.IntStream;

import org.atelier.common.artifact.Artifact;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.Test;

class SteppedEditTest {
    /** Two steps. */
    private static final class Two extends SteppedEdit<Edit.Step> {
        private int done;

        @Override
        public int steps() {
            return 2;
        }

        @Override
        public int stepsDone() {
            return done;
        }

        @Override
        protected Step next() {
            done++;
            return new Step() {};
        }

        @Override
        protected List<Product> products() {
            return List.of(new Product("all.json", Artifact.JSON, new byte[]{1}));
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    @Test
    void endsOnlyAfterItsLastStep() {
        try (var edit = new Two()) {
            edit.step();
            assertThatIllegalStateException().isThrownBy(edit::finish).withMessage("only 1 of 2 steps are made");
            edit.step();
            assertThat(edit.finish()).extracting(Product::name).containsExactly("all.json");
        }
    }

    @Test
    void goesNoFurtherThanItsLastStep() {
        try (var edit = new Two()) {
            edit.step();
            edit.step();
            assertThatIllegalStateException().isThrownBy(edit::step).withMessage("all 2 steps are made");
            assertThat(edit.stepsDone()).isEqualTo(2);
        }
    }

    @Test
    void previewsComeEverySoManySteps() {
        assertThat(IntStream.rangeClosed(1, 6).filter(step -> preview(2, step)).boxed()).containsExactly(2, 4, 6);
        assertThat(IntStream.rangeClosed(1, 6).filter(step -> preview(0, step))).isEmpty();
        assertThat(new Previews(3).after(3, "samples", () -> Picture.of(1, 1, new byte[3]))).hasValueSatisfying(
                product -> assertThat(product.name()).isEqualTo("samples-3.png"));
    }

    private static boolean preview(int every, int step) {
        return new Previews(every).after(step, () -> Picture.of(1, 1, new byte[3])).isPresent();
    }
}
