package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.job.Reduction;
import org.atelier.common.job.Templates;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.LatentDistance;
import org.atelier.worker.edit.ProjectorNoise;
import org.atelier.worker.edit.ProjectorNoise.Deviation;
import org.atelier.worker.edit.PromptLoss;
import org.atelier.worker.edit.nada.NadaLoss;
import org.atelier.worker.nn.clip.BpeTokenizer;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipInput;

/** The losses of latent optimisation and of mapper mining. */
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
        nada(golden, verdict, manager);
        mapperMining(golden, verdict, manager);
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

    private static void mapperMining(Golden golden, Verdict verdict, NDManager manager) {
        int size = golden.config().path("size").asInt();
        var before = enlarged(golden, "in.blocks_a", size, manager);
        var after = enlarged(golden, "in.blocks_b", size, manager);
        var text = golden.config().path("styleclip_text").asText();
        try (var first = clip(golden, "clip_for_ViT-B/32");
                var second = clip(golden, "clip_for_ViT-B/16");
                var view = new ClipView(parts(first, ClipInput.Recipe.STYLECLIP), size, manager);
                var loss = new PromptLoss(parts(first, ClipInput.Recipe.STYLECLIP), text, size, manager);
                var other = new PromptLoss(parts(second, ClipInput.Recipe.STYLECLIP), text, size, manager)) {
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(after);
                var value = loss.of(leaf).add(other.of(leaf));
                tape.backward(value.sum());
                verdict.compare("nada_mapper.clip_loss", value.expandDims(1));
                verdict.compare("nada_mapper.clip_grad", leaf.getGradient());
            }
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(after);
                var value = ClipView.lengthChange(view.features(before), view.features(leaf)).mean();
                tape.backward(value);
                verdict.compare("nada_mapper.norm_loss", value.reshape(1));
                verdict.compare("nada_mapper.norm_grad", leaf.getGradient());
            }
        }
    }

    private static void nada(Golden golden, Verdict verdict, NDManager manager) {
        var config = golden.config();
        int size = config.path("size").asInt();
        var before = enlarged(golden, "in.blocks_a", size, manager);
        var after = enlarged(golden, "in.blocks_b", size, manager);
        var source = config.path("source").asText();
        var target = config.path("target").asText();
        try (var clip = clip(golden, "clip_for_ViT-B/32"); var cnn = clip(golden, "clip_for_RN50")) {
            var loss = new NadaLoss(parts(clip, ClipInput.Recipe.NADA), size, Templates.IMAGENET, 0, manager);
            var texture = new NadaLoss(parts(cnn, ClipInput.Recipe.NADA), size, Templates.IMAGENET, 0, manager);
            var direction = loss.textDirection(source, target);
            var cosine = loss.textCosine(source, target);
            var first = loss.features(before);
            var firstTexture = texture.features(before);
            verdict.compare("nada.text_features_target", inOrderOf(golden.array("nada.text_features_target", manager),
                    loss.textFeatures(target)));
            verdict.compare("nada.text_direction", direction);
            verdict.compare("nada.image_features_a", ClipCheck.normalized(first));
            verdict.compare("nada.image_features_b", ClipCheck.normalized(loss.features(after)));
            Map<String, UnaryOperator<NDArray>> terms = new LinkedHashMap<>();
            terms.put("directional", image -> loss.directional(first, loss.features(image), direction));
            terms.put("global", image -> loss.global(loss.features(image), loss.text("a " + target)));
            terms.put("global_bare", image -> loss.global(loss.features(image), loss.text(target)));
            terms.put("manifold", image -> loss.manifold(first, loss.features(image), cosine));
            terms.put("texture", image -> texture.texture(firstTexture, texture.features(image)));
            var values = new HashMap<String, NDArray>();
            terms.forEach((name, term) -> {
                try (var tape = TestEngine.get().record()) {
                    var leaf = tape.leaf(after);
                    var value = term.apply(leaf);
                    tape.backward(value);
                    verdict.compare("nada." + name, value.reshape(1));
                    verdict.compare("nada." + name + "_grad", leaf.getGradient());
                    values.put(name, value.stopGradient());
                }
            });
            verdict.compare("nada.combined_0.7dir_0.2glob_0.1manifold_0.3texture", values.get("directional").mul(0.7)
                    .add(values.get("global").mul(0.2)).add(values.get("manifold").mul(0.1)).add(values.get("texture")
                            .mul(0.3)).reshape(1));
        }
    }

    /** The order of the sentences means nothing: each row where the golden has the one that is most like it. */
    private static NDArray inOrderOf(NDArray wanted, NDArray rows) {
        var order = wanted.matMul(rows.transpose()).argMax(1).toLongArray();
        assertThat(order).doesNotHaveDuplicates();
        return rows.get(wanted.getManager().create(order));
    }

    private static Clip clip(Golden golden, String field) {
        var weights = golden.weights(golden.config().path(field).asText());
        return Clip.load(ClipConfigs.infer(weights), weights, TestEngine.get());
    }

    private static ClipParts parts(Clip clip, ClipInput.Recipe recipe) {
        return new ClipParts(clip, BpeTokenizer.published(), recipe);
    }

    private static NDArray enlarged(Golden golden, String name, int size, NDManager manager) {
        var blocks = golden.array(name, manager);
        return IdentityLossCheck.enlarged(blocks, size / Math.toIntExact(blocks.getShape().get(2)));
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
