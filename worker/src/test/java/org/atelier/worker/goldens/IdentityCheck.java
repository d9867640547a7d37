package org.atelier.worker.goldens;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.face.IdentityNetwork;
import org.atelier.worker.nn.face.IrSeConfig;

/** The identity network: embeddings, gradients, and the outputs of its units. */
final class IdentityCheck implements Check {

    @Override
    public boolean knows(Golden golden) {
        boolean group = golden.group().equals("face") || golden.group().equals("debug");
        return group && golden.has("in.image") && isIdentity(golden);
    }

    static boolean isIdentity(Golden golden) {
        return golden.weightTables().size() == 1 && golden.weights().names().contains("input_layer.0.weight");
    }

    static IdentityNetwork network(GeneratedWeights weights) {
        return IdentityNetwork.load(IrSeConfig.infer(weights), weights, TestEngine.get());
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        try (var network = network(golden.weights())) {
            var image = golden.array("in.image", manager);
            if (golden.group().equals("debug")) {
                // Stored are channels 0 and 1, every fourth pixel.
                verdict.compare("embedding", network.embed(image, (name, output) -> verdict.compare("out." + name,
                        output.get(":, :2, ::4, ::4"))));
                return;
            }
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(image);
                var embedding = network.embed(leaf, (name, output) -> {
                    if (verdict.wants(name.replace("body.", "body_rms."))) {
                        verdict.compare(name.replace("body.", "body_rms."), rootMeanSquare(output));
                    }
                });
                tape.backward(embedding.mul(golden.array("in.r", manager)).sum());
                verdict.compare("embedding", embedding);
                verdict.compare("grad.image", leaf.getGradient());
            }
        }
    }

    private static NDArray rootMeanSquare(NDArray x) {
        var shape = x.getShape();
        return x.square().sum(new int[]{1, 2, 3}).mul((double) shape.get(0) / shape.size()).sqrt();
    }
}
