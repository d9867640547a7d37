package org.atelier.worker.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;

/**
 * Frees every array that its thread makes while it is open, except those that are kept.
 *
 * <p>The engine attaches a result to the manager of its <em>first</em> operand, so {@code weight.mul(x)} would live as
 * long as the weight. A scope goes by thread and time instead, whatever the order of operands. Scopes nest; a kept array
 * belongs to the enclosing scope, or, where there is none, to whoever kept it.
 *
 * <p>Closing an array under a {@link GradientTape} gives up the Java handle only: what the backward pass needs stays
 * alive in the engine.
 */
public final class Scope implements AutoCloseable {
    private final NDScope arrays = new NDScope();

    private final List<NDArray> kept = new ArrayList<>();

    private Scope() {}

    /** Opens a scope on this thread; close it on the same one. */
    public static Scope open() {
        return new Scope();
    }

    /** Lets an array outlive this scope, which must be the innermost one. */
    public NDArray keep(NDArray array) {
        NDScope.unregister(array);
        kept.add(array);
        return array;
    }

    /** The result of a computation, of which nothing else remains. */
    public static NDArray compute(Supplier<NDArray> computation) {
        try (var scope = open()) {
            return scope.keep(computation.get());
        }
    }

    /** Runs a computation of whose arrays none remains; its result is no array. */
    public static <T> T call(Supplier<T> computation) {
        var scope = open();
        try {
            return computation.get();
        } finally {
            scope.close();
        }
    }

    /** Runs something of whose arrays none remains. */
    public static void run(Runnable computation) {
        call(() -> {
            computation.run();
            return true;
        });
    }

    /** Like {@link #compute}, but the result belongs to no scope: it lives as long as a manager. */
    public static NDArray computeFor(NDManager owner, Supplier<NDArray> computation) {
        var result = compute(computation);
        NDScope.unregister(result);
        result.attach(owner);
        return result;
    }

    /**
     * Runs something whose arrays belong to no scope, whatever scopes are open: on a thread of its own, as scopes go by
     * thread. What is made once, at a time that nobody can foresee, and stays, is made so: the networks of a bundle.
     */
    public static <T> T outside(Supplier<T> computation) {
        var task = new FutureTask<>(computation::get);
        Thread.ofPlatform().name(Thread.currentThread().getName() + "-outside").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // what is half made cannot be left
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        arrays.close();
        kept.forEach(NDScope::register);
    }
}
