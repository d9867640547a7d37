package org.atelier.worker.edit.nada;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.Scalars;

/** The losses of a step: the weighted sum that is minimised, and each kind over all CLIPs; each []. */
record NadaTerms(
        Optional<NDArray> sum,
        Optional<NDArray> direction,
        Optional<NDArray> global,
        Optional<NDArray> manifold,
        Optional<NDArray> texture) {
    /** None yet. */
    NadaTerms() {
        this(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    NadaTerms direction(NDArray term, double weight, double lambda) {
        return new NadaTerms(plus(sum, term, weight * lambda), plus(direction, term, weight), global, manifold,
                texture);
    }

    NadaTerms global(NDArray term, double weight, double lambda) {
        return new NadaTerms(plus(sum, term, weight * lambda), direction, plus(global, term, weight), manifold,
                texture);
    }

    NadaTerms manifold(NDArray term, double weight, double lambda) {
        return new NadaTerms(plus(sum, term, weight * lambda), direction, global, plus(manifold, term, weight),
                texture);
    }

    NadaTerms texture(NDArray term, double weight, double lambda) {
        return new NadaTerms(plus(sum, term, weight * lambda), direction, global, manifold, plus(texture, term,
                weight));
    }

    private static Optional<NDArray> plus(Optional<NDArray> before, NDArray term, double weight) {
        var weighted = Scalars.mul(term, weight);
        return Optional.of(before.map(array -> array.add(weighted)).orElse(weighted));
    }

    NDArray total() {
        return sum.orElseThrow();
    }

    NadaRow row(int step) {
        return new NadaRow(step, total().getFloat(), number(direction), number(global), number(manifold), number(
                texture));
    }

    private static double number(Optional<NDArray> term) {
        return term.map(NDArray::getFloat).orElse(0f);
    }
}
