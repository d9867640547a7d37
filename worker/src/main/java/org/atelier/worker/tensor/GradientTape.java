package org.atelier.worker.tensor;

import java.util.concurrent.locks.Lock;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;

/**
 * Records operations for one backward pass. Only operations on {@link #leaf leaves} and on parameters that require a
 * gradient are recorded.
 *
 * <p>The engine allows one recording a process; a tape that is opened while another thread has one waits for it. Keep a
 * tape open for one step, not for a job.
 */
public final class GradientTape implements AutoCloseable {
    private final Lock turn;

    private final GradientCollector collector;

    GradientTape(Engine engine, Lock turn) {
        this.turn = turn;
        turn.lock();
        try {
            JniUtils.setGradMode(false); // the mode of this thread, to which closing the collector returns
            this.collector = engine.newGradientCollector();
        } catch (RuntimeException e) {
            turn.unlock();
            throw e;
        }
    }

    /**
     * A view of an array with respect to which {@link #backward} differentiates; its {@code getGradient()} holds the
     * result. Take a fresh one for each tape: the engine adds to a gradient that is already there.
     */
    public NDArray leaf(NDArray array) {
        var leaf = array.stopGradient();
        leaf.setRequiresGradient(true);
        return leaf;
    }

    /**
     * Differentiates a scalar with respect to all leaves. The recorded graph is gone afterwards.
     *
     * @param loss [] or [1]
     */
    public void backward(NDArray loss) {
        if (loss.size() != 1) {
            throw new IllegalArgumentException("only a scalar can be differentiated, this has the shape "
                    + loss.getShape());
        }
        collector.backward(loss);
    }

    @Override
    public void close() {
        try {
            collector.close();
        } finally {
            turn.unlock();
        }
    }
}
