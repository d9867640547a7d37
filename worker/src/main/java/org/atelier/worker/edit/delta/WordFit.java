package org.atelier.worker.edit.delta;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/**
 * How well edited faces fit what was asked for.
 *
 * @param before     embeddings of the faces before, [N, E]
 * @param texts      what each should show, [N, E], of norm 1
 * @param directions in which each should change, [N, E], of norm 1
 */
record WordFit(NDArray before, NDArray texts, NDArray directions) {
    private static final double DIRECTIONAL_SHARE = 0.5;
    /** Added to the length of the picture's way, which an edit can make as short as it likes. */
    private static final double SHORTEST_WAY = 0.02;

    /** Of copies that live as long as a manager; the directions may have any length. */
    static WordFit of(NDArray before, NDArray texts, NDArray directions, NDManager manager) {
        return new WordFit(Scope.computeFor(manager, before::duplicate), Scope.computeFor(manager, texts::duplicate),
                Scope.computeFor(manager, () -> directions.div(directions.norm(new int[]{1}, true))));
    }

    /**
     * What does not fit.
     *
     * @param seen embeddings of the faces now, [N, E]
     * @return 1 - cosine to the text and 1 - cosine of the picture's way and the text's, [N] each
     */
    NDList misses(NDArray seen) {
        var axis = new int[]{1};
        var way = seen.sub(before);
        var along = way.mul(directions).sum(axis).div(way.norm(axis).add(SHORTEST_WAY));
        return new NDList(seen.mul(texts).sum(axis).neg().add(1), along.neg().add(1));
    }

    /** Half of each. */
    static NDArray total(NDArray clip, NDArray directional) {
        return Scalars.mul(clip, 1 - DIRECTIONAL_SHARE).add(Scalars.mul(directional, DIRECTIONAL_SHARE));
    }
}
