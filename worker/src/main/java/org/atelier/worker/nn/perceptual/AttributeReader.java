package org.atelier.worker.nn.perceptual;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;

/**
 * Reads the attributes of a picture: a linear head on the features of the perceptual network. It judges edits and is part
 * of no loss.
 */
public final class AttributeReader extends LoadedNetwork {
    private final Lpips backbone;
    private final LinearLayer head;

    private AttributeReader(Lpips backbone, WeightLoader loader) {
        super(loader);
        var shape = loader.shape("head.weight");
        long outputs = shape.isEmpty() ? 1 : shape.getFirst();
        long inputs = shape.isEmpty() ? 1 : shape.getLast();
        this.backbone = backbone;
        this.head = LinearLayer.load(loader.in("head"), inputs, outputs);
    }

    /**
     * Builds the network.
     *
     * @param backbone whose features it reads; it stays the caller's
     * @param weights  {@code head.weight} and {@code head.bias}
     */
    public static AttributeReader load(Lpips backbone, Weights weights, TensorEngine engine) {
        return WeightLoader.load("an attribute reader", weights, engine, loader -> new AttributeReader(backbone,
                loader));
    }

    /**
     * Scores every value of every attribute.
     *
     * @param images [N, 3, H, W], clamped to -1..1, of the size that the head was made for
     * @return [N, scores], in the order of the bundle's card
     */
    public NDArray scores(NDArray images) {
        return Scope.compute(() -> head.apply(backbone.lastFeatures(images).reshape(images.getShape().get(0), -1)));
    }
}
