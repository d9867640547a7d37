package org.atelier.worker.edit;

import java.util.List;

/**
 * An edit that refuses to go on after its last step, and to end before it.
 *
 * @param <S> what its steps come to
 */
public abstract class SteppedEdit<S extends Edit.Step> implements Edit {
    @Override
    public final S step() {
        if (isDone()) {
            throw new IllegalStateException("all " + stepsDone() + " steps are made");
        }
        return next();
    }

    /** Makes the next step, of which there is one; see {@link #step}. */
    protected abstract S next();

    @Override
    public final List<Product> finish() {
        if (!isDone()) {
            throw new IllegalStateException("only " + stepsDone() + " of " + steps() + " steps are made");
        }
        return products();
    }

    /** What is made of all steps together, which are made; see {@link #finish}. */
    protected abstract List<Product> products();
}
