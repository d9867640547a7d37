package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.face.FaceNetwork;
import org.atelier.worker.tensor.Scope;

/**
 * How far faces are from those of reference pictures: {@code 1 - <R(reference), R(picture)>}, the identity loss of
 * StyleCLIP ({@code criteria/id_loss.py}). The gradient flows through the pictures only.
 */
public final class IdentityLoss implements AutoCloseable {
    private final NDManager manager;
    private final FaceDistance distance;
    private final NDArray reference;

    /**
     * Prepares for one size of picture; the references are embedded once.
     *
     * @param references [N, 3, H, W], or [1, 3, H, W] for all
     * @param parent     of the arrays that this owns
     */
    public IdentityLoss(FaceNetwork network, NDArray references, NDManager parent) {
        this.manager = parent.newSubManager();
        this.distance = new FaceDistance(network, Math.toIntExact(references.getShape().get(2)), manager);
        this.reference = Scope.computeFor(manager, () -> distance.embed(references));
    }

    /**
     * The loss of each picture.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N]
     */
    public NDArray of(NDArray images) {
        return distance.of(images, reference);
    }

    @Override
    public void close() {
        distance.close();
        manager.close();
    }
}
