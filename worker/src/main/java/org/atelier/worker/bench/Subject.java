package org.atelier.worker.bench;

import java.util.List;

import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.clip.BpeTokenizer;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipConfig;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.nn.face.FaceNetwork;
import org.atelier.worker.nn.face.IdentityNetwork;
import org.atelier.worker.nn.face.IrSeConfig;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;
import org.atelier.worker.tensor.TensorEngine;

/**
 * The networks that a benchmark runs.
 *
 * @param name      for the report
 * @param generator draws
 * @param clip      judges by text
 * @param identity  judges faces
 */
record Subject(String name, Generator generator, BundleNetworks.ClipParts clip, FaceNetwork identity) {
    /** Feature maps of StyleGAN2's config-f: 32768 / resolution, at most 512. */
    private static final int CHANNEL_BASE = 32_768;
    private static final int WIDTH = 512;
    private static final int MAPPING_LAYERS = 8;

    /** Those of a bundle. */
    static Subject of(BundleNetworks networks) {
        return new Subject(networks.card().reference(), networks.generator(), networks.clip().orElseThrow(
                () -> new IllegalArgumentException(networks.card().reference() + " has no CLIP")), networks.identity()
                        .orElseThrow(() -> new IllegalArgumentException(networks.card().reference()
                                + " has no identity network")));
    }

    /**
     * StyleGAN2 config-f, CLIP ViT-B/32 and IR-SE50 with random weights.
     *
     * @param resolution of the pictures
     */
    static Subject random(int resolution, TensorEngine engine) {
        var generator = new StyleGan2Config(new MappingNetwork.Form(WIDTH, 0, WIDTH, MAPPING_LAYERS, WIDTH,
                MappingNetwork.Form.LEARNING_FACTOR), resolution, StyleGan2Config.channels(CHANNEL_BASE, WIDTH,
                        resolution), StyleGan2Config.RESAMPLE_FILTER, Double.POSITIVE_INFINITY);
        var clip = new ClipConfig(512, 224, new ClipConfig.Vision.Transformer(768, 12, 32), 77, 49_408, 512, 8, 12);
        var identity = new IrSeConfig(112, List.of(new IrSeConfig.Stage(64, 64, 3), new IrSeConfig.Stage(64, 128, 4),
                new IrSeConfig.Stage(128, 256, 14), new IrSeConfig.Stage(256, 512, 3)), 512);
        return new Subject("random StyleGAN2 config-f " + resolution + " px, ViT-B/32, IR-SE50",
                RandomWeights.build(true, weights -> StyleGan2Generator.load(generator, weights, engine)),
                new BundleNetworks.ClipParts(RandomWeights.build(false, weights -> Clip.load(clip, weights, engine)),
                        BpeTokenizer.published(), ClipInput.Recipe.STYLECLIP),
                RandomWeights.build(false, weights -> IdentityNetwork.load(identity, weights, engine)));
    }
}
