package org.atelier.worker.goldens;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.perceptual.Backbone;
import org.atelier.worker.nn.perceptual.Lpips;
import org.atelier.worker.nn.perceptual.Lpips.Scaling;

/** LPIPS: distances in both forms, tap by tap, their gradient, and statistics of the features. */
final class PerceptualCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("perceptual") && golden.has("in.a") && golden.config().has("net");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var backbone = golden.config().path("net").asText().equals("alex") ? Backbone.ALEXNET : Backbone.VGG16;
        try (var lpips = Lpips.load(backbone, Scaling.PUBLISHED, golden.weights(), TestEngine.get())) {
            var a = golden.array("in.a", manager);
            var b = golden.array("in.b", manager);
            long batch = a.getShape().get(0);
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(a);
                var distance = lpips.distance(leaf, b);
                tape.backward(distance.sum());
                verdict.compare("distance", distance.reshape(batch, 1, 1, 1));
                verdict.compare("grad.a", leaf.getGradient());
            }
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(a);
                var distance = lpips.embed(leaf).sub(lpips.embed(b)).square().sum(new int[]{1});
                tape.backward(distance.sum());
                verdict.compare("distance", distance.reshape(batch, 1, 1, 1));
                verdict.compare("grad.a", leaf.getGradient());
            }
            verdict.compare("distance_per_layer", lpips.distances(a, b));
            var taps = lpips.taps(a);
            for (int tap = 0; tap < taps.size(); tap++) {
                verdict.compare("feature_rms." + tap, mean(taps.get(tap).square(), 1, 2, 3).sqrt());
                verdict.compare("feature_channel_mean." + tap, mean(taps.get(tap), 2, 3));
            }
        }
    }

    private static NDArray mean(NDArray x, int... axes) {
        double count = 1;
        for (int axis : axes) {
            count *= x.getShape().get(axis);
        }
        return x.sum(axes).mul(1 / count);
    }
}
