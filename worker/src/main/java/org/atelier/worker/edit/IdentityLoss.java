package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.face.FaceCrop;
import org.atelier.worker.nn.face.IdentityNetwork;
import org.atelier.worker.tensor.Scope;

/**
 * How far faces are from those of reference pictures: {@code 1 - <R(reference), R(picture)>}, the identity loss of
 * StyleCLIP ({@code criteria/id_loss.py}). The gradient flows through the pictures only.
 */
public final class IdentityLoss implements AutoCloseable {
    private final NDManager manager;
    private final IdentityNetwork network;
    private final FaceCrop crop;
    private final NDArray reference;

    /**
     * Prepares for one size of picture; the references are embedded once.
     *
     * @param references [N, 3, H, W], or [1, 3, H, W] for all
     * @param parent     of the arrays that this owns
     */
    public IdentityLoss(IdentityNetwork network, NDArray references, NDManager parent) {
        int resolution = Math.toIntExact(references.getShape().get(2));
        this.network = network;
        this.manager = parent.newSubManager();
        this.crop = new FaceCrop(resolution, network.input(), manager);
        this.reference = Scope.computeFor(manager, () -> embed(references));
    }

    /** Embeddings of pictures: [N, 3, H, W] to [N, embedding]. */
    NDArray embed(NDArray images) {
        return network.embed(crop.apply(images), Tap.NONE);
    }

    /**
     * The loss of each picture.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N]
     */
    public NDArray of(NDArray images) {
        return Scope.compute(() -> embed(images).mul(reference).sum(new int[]{1}).neg().add(1));
    }

    @Override
    public void close() {
        manager.close();
    }
}
