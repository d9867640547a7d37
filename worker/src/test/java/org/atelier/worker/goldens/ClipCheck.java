package org.atelier.worker.goldens;

import java.util.HashMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipConfig;
import org.atelier.worker.tensor.Convolution;

/** CLIP: features, cosines and their gradient with respect to the picture, logits, and the outputs of all layers. */
final class ClipCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        boolean group = golden.group().equals("clip") || golden.group().equals("debug");
        return group && golden.weightTables().size() == 1 && golden.weights().names().contains("text_projection");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var config = ClipConfig.of(golden.config());
        try (var clip = Clip.load(config, golden.weights(), TestEngine.get())) {
            var image = golden.array("in.image", manager);
            var tokens = golden.array("in.token_ids", manager);
            if (golden.group().equals("debug")) {
                layers(clip, image, tokens, verdict);
                return;
            }
            var texts = clip.textFeatures(tokens, Tap.NONE);
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(image);
                var features = clip.imageFeatures(leaf, Tap.NONE);
                var text = normalized(texts.get(golden.array("in.text_index_for_cosine", manager)));
                var cosine = normalized(features).mul(text).sum(new int[]{1});
                tape.backward(cosine.sum());
                verdict.compare("image_features", features);
                verdict.compare("cosine", cosine);
                verdict.compare("grad.cosine_wrt_image", leaf.getGradient());
                verdict.compare("logits_per_image", normalized(features).matMul(normalized(texts).transpose()).mul(clip
                        .logitScale()));
            }
            verdict.compare("text_features", texts);
        }
    }

    static NDArray normalized(NDArray features) {
        return features.div(features.norm(new int[]{1}, true));
    }

    private static void layers(Clip clip, NDArray image, NDArray tokens, Verdict verdict) {
        var seen = new HashMap<String, NDArray>();
        Tap tap = (name, output) -> {
            if (verdict.wants("out." + name)) {
                boolean transformer = name.contains("resblocks");
                verdict.compare("out." + name, transformer ? output.transpose(1, 0, 2) : output);
                seen.put(name, output);
            }
        };
        verdict.compare("image_features", clip.imageFeatures(image, tap));
        verdict.compare("text_features", clip.textFeatures(tokens, tap));
        if (verdict.wants("out.visual.conv1") && !seen.containsKey("visual.conv1")) {
            // Here the product folds the batch normalisation into the convolution; alone it is one operator.
            verdict.compare("out.visual.conv1", Convolution.conv2d(image, clip.parameters().get("visual.conv1.weight"),
                    null, 2, 1));
        }
    }
}
