package org.atelier.worker.edit.invert;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.perceptual.Lpips;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Resampling;
import org.atelier.worker.tensor.Scope;

/**
 * How far pictures are from one that does not change: LPIPS as a squared sum over embedded pictures, and the mean squared
 * error of pixels. For LPIPS pictures above 256 px are made that small by the mean over areas (NVlabs {@code projector.py}).
 */
public final class PictureDistance implements AutoCloseable {
    private static final int LARGEST = 256;

    private final NDManager manager;
    private final Lpips network;
    private final NDArray target;
    private final Optional<Resampling> smaller;
    private final NDArray embedded;

    /**
     * Embeds the target.
     *
     * @param target [1, 3, H, H] in -1..1; stays the caller's
     * @param parent of the arrays that this owns
     */
    public PictureDistance(Lpips network, NDArray target, NDManager parent) {
        int size = Math.toIntExact(target.getShape().get(2));
        this.manager = parent.newSubManager();
        this.network = network;
        this.target = target;
        this.smaller = size > LARGEST
                ? Optional.of(Resampling.square(AxisFilter.adaptiveAverage(size, LARGEST), manager))
                : Optional.empty();
        this.embedded = Scope.computeFor(manager, () -> embed(target));
    }

    private NDArray embed(NDArray picture) {
        return network.embed(smaller.map(resampling -> resampling.apply(picture)).orElse(picture));
    }

    /**
     * LPIPS.
     *
     * @param picture [1, 3, H, H]
     * @return []
     */
    NDArray lpips(NDArray picture) {
        return Scope.compute(() -> embed(picture).sub(embedded).square().sum());
    }

    /**
     * Mean squared error.
     *
     * @param picture [1, 3, H, H]
     * @return []
     */
    NDArray l2(NDArray picture) {
        return Scope.compute(() -> picture.sub(target).square().mean());
    }

    @Override
    public void close() {
        manager.close();
    }
}
