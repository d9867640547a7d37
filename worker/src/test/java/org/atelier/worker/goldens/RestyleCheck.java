package org.atelier.worker.goldens;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.encoder.Restyle;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;

/** The ReStyle loop: latents and pictures of every pass, and the average picture. */
final class RestyleCheck implements Check {
    private static final int BLOCK = 8;

    @Override
    public boolean knows(Golden golden) {
        return golden.config().has("iterations") && golden.has("in.latent_avg");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var decoder = golden.config().path("decoder").asText();
        var table = golden.weightTables().stream().filter(name -> !name.equals(decoder)).findFirst().orElseThrow();
        var weights = golden.weights(decoder);
        var card = Json.mapper().convertValue(BundleCards.generator("generator.safetensors", weights),
                NetworkCard.class);
        try (var generator = StyleGan2Generator.load(StyleGan2Config.of(card), weights, TestEngine.get());
                var encoder = EncoderCheck.encoder(golden.weights(table), "");
                var restyle = new Restyle(encoder, generator, golden.array("in.latent_avg", manager), manager)) {
            verdict.compare("average_image", restyle.averageImage());
            var image = IdentityLossCheck.enlarged(golden.array("in.image_blocks", manager), BLOCK);
            var passes = restyle.invert(image, golden.config().path("iterations").asInt());
            verdict.compare("latents_per_iteration", NDArrays.stack(new NDList(passes.stream().map(
                    Restyle.Pass::latent).toList()), 1));
            verdict.compare("images_per_iteration", NDArrays.stack(new NDList(passes.stream().map(Restyle.Pass::image)
                    .toList()), 1));
        }
    }
}
