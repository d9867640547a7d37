package org.atelier.worker.checkpoint;

import java.util.Map;
import java.util.Optional;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.worker.nn.Network;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.clip.Clip;
import org.atelier.worker.nn.clip.ClipConfig;
import org.atelier.worker.nn.delta.DeltaMapper;
import org.atelier.worker.nn.encoder.StyleEncoder;
import org.atelier.worker.nn.encoder.StyleEncoder.Rows;
import org.atelier.worker.nn.encoder.WEncoder;
import org.atelier.worker.nn.face.FaceResNet;
import org.atelier.worker.nn.face.IdentityNetwork;
import org.atelier.worker.nn.face.IrSeConfig;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.nn.perceptual.AttributeReader;
import org.atelier.worker.nn.perceptual.Backbone;
import org.atelier.worker.nn.perceptual.Lpips;
import org.atelier.worker.nn.perceptual.Lpips.Scaling;
import org.atelier.worker.nn.stylegan1.StyleGan1Config;
import org.atelier.worker.nn.stylegan1.StyleGan1Generator;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;
import org.atelier.worker.nn.stylegan3.StyleGan3Config;
import org.atelier.worker.nn.stylegan3.StyleGan3Generator;
import org.atelier.worker.tensor.TensorEngine;

/**
 * The architectures that this version can build, by the part of a bundle that may have them. Their names are what a worker
 * knows of a bundle before it takes a job on it: <b>whatever older versions could not read gets a new name</b>, also where only
 * the content of a file has changed.
 */
public final class Architectures {
    /** Builds a network of a bundle. */
    interface Builder {
        /**
         * A network on the bundle's device.
         *
         * @param card    of the network
         * @param weights of its file
         * @param bundle  what is there of the bundle that it becomes a part of
         */
        Network build(NetworkCard card, Weights weights, Surroundings bundle);
    }

    /**
     * What a network may be built upon. A copy and not the {@link BundleNetworks} themselves: these are locked while
     * another thread builds.
     *
     * @param engine of the bundle
     * @param built  its networks so far, by part
     */
    record Surroundings(TensorEngine engine, Map<String, Network> built) {
        Surroundings {
            built = Map.copyOf(built);
        }

        Lpips perceptual() {
            return Optional.ofNullable(built.get(PERCEPTUAL))
                    .map(Lpips.class::cast)
                    .orElseThrow(() -> new IllegalStateException("the perceptual network is built first"));
        }
    }

    static final String PERCEPTUAL = "perceptual";

    private static final Builder CLIP = (card, weights, bundle) -> Clip.load(ClipConfig.of(card.config()), weights,
            bundle.engine());

    private static final Map<String, Map<String, Builder>> BY_PART = Map.of(
            "generator", Map.of(
                    "stylegan1", (card, weights, bundle) -> StyleGan1Generator.load(StyleGan1Config.of(card.config(),
                            weights), weights, bundle.engine()),
                    "stylegan2", (card, weights, bundle) -> StyleGan2Generator.load(StyleGan2Config.of(card), weights,
                            bundle.engine()),
                    "stylegan3", (card, weights, bundle) -> StyleGan3Generator.load(StyleGan3Config.of(card.config(),
                            weights), weights, bundle.engine())),
            BundleCard.CLIP, Map.of("clip-resnet", CLIP, "clip-vit", CLIP),
            "identity", Map.of(
                    "ir-se", (card, weights, bundle) -> IdentityNetwork.load(card.config().has("stages")
                            ? IrSeConfig.of(card.config())
                            : IrSeConfig.infer(weights), weights, bundle.engine()),
                    "resnet-face", (card, weights, bundle) -> FaceResNet.load(weights, bundle.engine())),
            PERCEPTUAL, Map.of("vgg16-lpips", lpips(Backbone.VGG16), "alexnet-lpips", lpips(Backbone.ALEXNET)),
            "encoder", Map.of(
                    "psp-w", (card, weights, bundle) -> WEncoder.load(WEncoder.Config.of(card.config()), weights,
                            bundle.engine()),
                    "psp", styles(Rows.INDEPENDENT),
                    "e4e", styles(Rows.PROGRESSIVE)),
            "reader", Map.of("vgg16-head", (card, weights, bundle) -> AttributeReader.load(bundle.perceptual(),
                    weights, bundle.engine())),
            "delta", Map.of("delta-mlp", (card, weights, bundle) -> DeltaMapper.load(weights, bundle.engine())),
            BundleCard.LANDMARKS, Map.of("mtcnn", (card, weights, bundle) -> Mtcnn.load(weights, bundle.engine())));

    private Architectures() {}

    private static Builder lpips(Backbone backbone) {
        return (card, weights, bundle) -> Lpips.load(backbone, Scaling.of(card.config()), weights, bundle.engine());
    }

    private static Builder styles(Rows rows) {
        return (card, weights, bundle) -> StyleEncoder.load(rows, weights, bundle.engine());
    }

    /** What in a bundle this version cannot build, in words; empty if it can build all that it knows of. */
    public static Optional<String> unknownIn(BundleCard bundle) {
        return bundle.networks().entrySet().stream()
                .filter(part -> !builders(part.getKey()).containsKey(part.getValue().architecture()))
                .map(part -> unknown(bundle, part.getKey(), part.getValue()))
                .findFirst();
    }

    private static String unknown(BundleCard bundle, String part, NetworkCard network) {
        return "the " + part + " of " + bundle.reference() + " has the architecture \"" + network.architecture()
                + "\"; this version of Atelier knows " + builders(part).keySet().stream().sorted().toList();
    }

    /**
     * What builds a network.
     *
     * @param part of the bundle that it is
     * @throws IllegalArgumentException if this version does not know its architecture
     */
    static Builder of(BundleCard bundle, String part, NetworkCard network) {
        return Optional.ofNullable(builders(part).get(network.architecture()))
                .orElseThrow(() -> new IllegalArgumentException(unknown(bundle, part, network)));
    }

    private static Map<String, Builder> builders(String part) {
        return BY_PART.get(part.startsWith(BundleCard.CLIP) ? BundleCard.CLIP : part);
    }
}
