package org.atelier.worker.edit;

import java.util.Optional;
import java.util.function.Supplier;

import org.atelier.common.artifact.Artifact;
import org.atelier.worker.tensor.Picture;

/**
 * When an edit shows what it has come to.
 *
 * @param every steps from one preview to the next; 0: there are none
 */
public record Previews(int every) {
    /** The preview after a step, if the request wants one there. */
    public Optional<Product> after(int stepsDone, Supplier<Picture> draw) {
        return after(stepsDone, "preview", draw);
    }

    /**
     * Like {@link #after(int, Supplier)}, for previews that are a series of their own.
     *
     * @param series what their names begin with
     */
    public Optional<Product> after(int stepsDone, String series, Supplier<Picture> draw) {
        return every > 0 && stepsDone % every == 0
                ? Optional.of(new Product(series + "-" + stepsDone + ".png", Artifact.PNG, draw.get().png()))
                : Optional.empty();
    }
}
