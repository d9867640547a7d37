package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.BatchNormalization;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/** ArcFace with an IR-SE body: the identity network of StyleCLIP. */
public final class IdentityNetwork extends LoadedNetwork implements FaceNetwork {
    private static final int COLOURS = 3;

    private final IrSeConfig config;
    private final IrSeBody body;
    private final BatchNormalization before;
    private final LinearLayer linear;
    private final BatchNormalization after;

    private IdentityNetwork(IrSeConfig config, WeightLoader loader) {
        super(loader);
        var output = loader.in("output_layer");
        this.config = config;
        this.body = new IrSeBody(config, COLOURS, loader);
        this.before = new BatchNormalization(output.in("0"), config.features());
        this.linear = LinearLayer.load(output.in("3"), (long) config.features() * config.grid() * config.grid(), config
                .embedding());
        this.after = new BatchNormalization(output.in("4"), config.embedding());
    }

    /**
     * Builds the network.
     *
     * @param weights in InsightFace's names
     * @throws org.atelier.worker.nn.WeightMismatchException if they do not fit the configuration
     */
    public static IdentityNetwork load(IrSeConfig config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("an IR-SE identity network", weights, engine, loader -> new IdentityNetwork(config,
                loader));
    }

    @Override
    public int input() {
        return config.input();
    }

    @Override
    public FaceView view(int resolution, NDManager parent) {
        return new FaceCrop(resolution, config.input(), parent);
    }

    @Override
    public NDArray embed(NDArray faces, Tap tap) {
        Shapes.require("faces [N, 3, H, W]", faces, Shapes.ANY, 3, config.input(), config.input());
        return Scope.compute(() -> {
            var features = before.apply(body.apply(faces, tap));
            // The linear layer expects the order of [N, C, H, W], whatever the order in memory.
            var embedding = after.apply(linear.apply(features.reshape(faces.getShape().get(0), -1)));
            return embedding.div(embedding.norm(new int[]{1}, true));
        });
    }
}
