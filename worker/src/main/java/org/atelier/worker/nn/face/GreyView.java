package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Resampling;
import org.atelier.worker.tensor.Scope;

/**
 * The whole picture in grey (ITU-R 601 luma, as Pillow has it) and smaller, for {@link FaceResNet}. styleclip-gan3 does the
 * same through Pillow, on bytes, and so has no gradient; here it is one linear map.
 */
public final class GreyView implements FaceView {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    private final NDManager manager;
    private final NDArray luma;
    private final Resampling resize;

    /**
     * Prepares for one size of picture.
     *
     * @param from    width and height of the pictures
     * @param to      width and height that the network sees
     * @param manager parent of the arrays that this owns
     */
    GreyView(int from, int to, NDManager manager) {
        this.manager = manager.newSubManager();
        this.luma = HostArrays.of(this.manager, new float[]{RED, GREEN, BLUE}, new Shape(1, 3, 1, 1));
        this.resize = Resampling.square(AxisFilter.bilinearAntialiased(from, to), this.manager);
    }

    @Override
    public NDArray apply(NDArray images) {
        return Scope.compute(() -> resize.apply(images.mul(luma).sum(new int[]{1}, true)));
    }

    @Override
    public void close() {
        manager.close();
    }
}
