package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Resampling;

/**
 * Cuts the face out of an aligned picture for the identity network, as the identity loss does (StyleCLIP
 * {@code criteria/id_loss.py}): adaptive average pooling to 256 pixels, rows 35 to 223 and columns 32 to 220 of that,
 * adaptive average pooling to the network's input. All three are linear and separable, so they run as one matrix product
 * for each axis.
 */
public final class FaceCrop implements FaceView {
    private static final int ALIGNED = 256;
    private static final int SIDE = 188;
    private static final int TOP = 35;
    private static final int LEFT = 32;

    private final NDManager manager;
    private final Resampling crop;

    /**
     * Prepares for one size of picture.
     *
     * @param from    width and height of the pictures
     * @param to      width and height that the network sees
     * @param manager parent of the arrays that this owns
     */
    public FaceCrop(int from, int to, NDManager manager) {
        this.manager = manager.newSubManager();
        this.crop = new Resampling(axis(from, TOP, to), axis(from, LEFT, to), this.manager);
    }

    private static AxisFilter axis(int from, int start, int to) {
        return AxisFilter.adaptiveAverage(from, ALIGNED)
                .then(AxisFilter.crop(ALIGNED, start, start + SIDE))
                .then(AxisFilter.adaptiveAverage(SIDE, to));
    }

    @Override
    public NDArray apply(NDArray images) {
        return crop.apply(images);
    }

    @Override
    public void close() {
        manager.close();
    }
}
