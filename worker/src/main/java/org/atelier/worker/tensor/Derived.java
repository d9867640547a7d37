package org.atelier.worker.tensor;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * An array that follows from parameters alone. While those are frozen it is computed once; while one of them trains it is
 * computed in every pass, as part of the recorded graph, so that gradients reach the parameters.
 */
public final class Derived implements AutoCloseable {
    private final List<NDArray> parameters;

    private final Supplier<NDArray> formula;

    private @Nullable NDArray frozen;

    /**
     * Defines the array.
     *
     * @param formula    computes it; must make a new array
     * @param parameters all that the formula depends on
     */
    public Derived(Supplier<NDArray> formula, NDArray... parameters) {
        this.parameters = List.of(parameters);
        this.formula = formula;
    }

    /** An array that follows from one parameter. */
    public static Derived of(NDArray parameter, UnaryOperator<NDArray> formula) {
        return new Derived(() -> formula.apply(parameter), parameter);
    }

    /** The array; callers must not close or change it. */
    public synchronized NDArray get() {
        if (parameters.stream().anyMatch(NDArray::hasGradient)) {
            close();
            return Scope.compute(formula);
        }
        if (frozen == null) {
            frozen = Scope.computeFor(parameters.getFirst().getManager(), formula);
        }
        return frozen;
    }

    /** Frees the array; {@link #get} computes it again. */
    @Override
    public synchronized void close() {
        if (frozen != null) {
            frozen.close();
            frozen = null;
        }
    }
}
