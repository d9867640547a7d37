package org.atelier.worker.goldens;

import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.job.Reduction;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.edit.LatentDistance;
import org.atelier.worker.edit.ProjectorNoise;
import org.atelier.worker.edit.ProjectorNoise.Deviation;
import org.atelier.worker.edit.PromptLoss;
import org.atelier.worker.nn.clip.BpeTokenizer;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipInput;

/** The losses of latent optimisation. */
final class LossCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("losses");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var config = golden.config();
        var weights = golden.weights(config.path("clip_for_ViT-B/32").asText());
        try (var clip = Clip.load(ClipConfigs.infer(weights), weights, TestEngine.get())) {
            int size = config.path("size").asInt();
            var blocks = golden.array("in.blocks_b", manager);
            var image = IdentityLossCheck.enlarged(blocks, size / Math.toIntExact(blocks.getShape().get(2)));
            var loss = new PromptLoss(new ClipParts(clip, BpeTokenizer.published(), ClipInput.Recipe.STYLECLIP), config
                    .path("styleclip_text").asText(), size, manager);
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(image);
                var value = loss.of(leaf);
                tape.backward(value.sum());
                verdict.compare("styleclip.loss", value.expandDims(1));
                verdict.compare("styleclip.grad", leaf.getGradient());
            }
        }
        var a = golden.array("in.w0", manager);
        var b = golden.array("in.w1", manager);
        verdict.compare("l2.sum", LatentDistance.between(a, b, Reduction.SUM));
        verdict.compare("l2.mean", LatentDistance.between(a, b, Reduction.MEAN));
        noise(golden, verdict, manager);
        var styles0 = styles("in.s0.", golden, manager);
        var styles1 = styles("in.s1.", golden, manager);
        verdict.compare("l2.s_sum", LatentDistance.between(styles0, styles1, Reduction.SUM));
        verdict.compare("l2.s_sum_of_means", LatentDistance.between(styles0, styles1, Reduction.MEAN));
    }

    private static void noise(Golden golden, Verdict verdict, NDManager manager) {
        golden.names().stream().filter(name -> name.startsWith("in.noise.")).forEach(name -> {
            var size = name.substring("in.noise.".length());
            var map = golden.array(name, manager);
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(map);
                var value = ProjectorNoise.regularization(leaf);
                tape.backward(value);
                verdict.compare("noise_reg." + size, value);
                verdict.compare("noise_reg." + size + ".grad", leaf.getGradient());
            }
            verdict.compare("noise_normalised." + size, ProjectorNoise.normalized(map, Deviation.POPULATION));
            verdict.compare("noise_normalised_rosinality." + size, ProjectorNoise.normalized(map, Deviation.SAMPLE)
                    .expandDims(0).expandDims(0));
        });
    }

    private static List<NDArray> styles(String prefix, Golden golden, NDManager manager) {
        return IntStream.iterate(0, n -> golden.has(prefix + n), n -> n + 1)
                .mapToObj(n -> golden.array(prefix + n, manager))
                .toList();
    }
}
