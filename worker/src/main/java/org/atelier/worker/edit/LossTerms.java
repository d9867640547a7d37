package org.atelier.worker.edit;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.Scalars;

/** The terms of an edit's loss, each [] and unweighted but for the total, to which each is added with its weight. */
record LossTerms(Optional<NDArray> sum, Optional<NDArray> clip, Optional<NDArray> l2, Optional<NDArray> identity,
        Optional<NDArray> directional) {
    /** None yet. */
    LossTerms() {
        this(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** With 1 - cosine of picture and text. */
    LossTerms clip(NDArray term, double weight) {
        return new LossTerms(plus(term, weight), Optional.of(term), l2, identity, directional);
    }

    /** With the distance of the latent from its start. */
    LossTerms l2(NDArray term, double weight) {
        return new LossTerms(plus(term, weight), clip, Optional.of(term), identity, directional);
    }

    /** With 1 - cosine of the changes of picture and text. */
    LossTerms directional(NDArray term, double weight) {
        return new LossTerms(plus(term, weight), clip, l2, identity, Optional.of(term));
    }

    /** With 1 - cosine of the faces, if there is an identity network. */
    LossTerms identity(Optional<NDArray> term, double weight) {
        return term.map(value -> new LossTerms(plus(value, weight), clip, l2, term, directional)).orElse(this);
    }

    /** A double weight would turn an array without axes into doubles. */
    private Optional<NDArray> plus(NDArray term, double weight) {
        var weighted = Scalars.mul(term, weight);
        return Optional.of(sum.map(before -> before.add(weighted)).orElse(weighted));
    }

    /** The weighted sum. */
    NDArray total() {
        return sum.orElseThrow();
    }

    /** The numbers. */
    LossRow row(int step, double learningRate) {
        return new LossRow(step, total().getFloat(), number(clip), number(l2), number(identity), number(directional),
                learningRate);
    }

    private static double number(Optional<NDArray> term) {
        return term.map(NDArray::getFloat).orElse(0f);
    }
}
