package org.atelier.worker.goldens;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.edit.invert.LatentStatistics;
import org.atelier.worker.edit.invert.PictureDistance;
import org.atelier.worker.edit.invert.Projector;
import org.atelier.worker.edit.invert.SearchNoise;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.perceptual.Backbone;
import org.atelier.worker.nn.perceptual.Lpips;
import org.atelier.worker.nn.perceptual.Lpips.Scaling;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;

/** The projector with recorded noise: mean and deviation of w, the latent of every step, losses, the noise maps at the end. */
final class ProjectorCheck implements Check {
    private static final String SYNTHESIS = "synthesis.";
    private static final double UNIT_VARIANCE = Math.sqrt(3);

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("e2e") && golden.config().has("regularize_noise_weight");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var table = golden.config().path("generator").asText();
        var weights = golden.weights(table);
        var perceptual = golden.weightTables().stream().filter(name -> !name.equals(table)).findFirst().orElseThrow();
        var card = Json.mapper().convertValue(BundleCards.generator("generator.safetensors", weights),
                NetworkCard.class);
        var target = golden.array("in.target", manager).div(127.5f).sub(1).expandDims(0);
        var request = request(golden.config());
        try (var generator = StyleGan2Generator.load(StyleGan2Config.of(card), weights, TestEngine.get());
                var lpips = Lpips.load(Backbone.VGG16, Scaling.PUBLISHED, golden.weights(perceptual), TestEngine.get());
                var distance = new PictureDistance(lpips, target, manager)) {
            var statistics = LatentStatistics.of(generator, request.samples(), manager);
            verdict.compare("w_avg", statistics.mean());
            verdict.compare("w_std", manager.create(new double[]{statistics.deviation()}));
            try (var projector = new Projector(request, generator, TestEngine.get(), distance, statistics, statistics
                    .mean(), new Recorded(), manager)) {
                project(projector, verdict, manager);
            }
        }
    }

    private static void project(Projector projector, Verdict verdict, NDManager manager) {
        var latents = new NDList();
        var losses = new double[projector.steps()];
        while (!projector.isDone()) {
            int step = projector.stepsDone();
            losses[step] = projector.step(step).total();
            latents.add(projector.rows().duplicate());
        }
        verdict.compare("w_per_step", NDArrays.concat(latents));
        verdict.compare("loss_per_step", manager.create(losses));
        projector.maps().forEach((layer, map) -> {
            var output = "final_noise." + layer.substring(SYNTHESIS.length()) + ".noise_const";
            if (verdict.wants(output)) {
                verdict.compare(output, map.get(0).get(0));
            }
        });
    }

    private static InvertRequest request(JsonNode config) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("type", "invert");
        fields.put("bundle", "golden");
        fields.put("source", Map.of("image", Digest.of(new byte[0]), "aligned", true));
        fields.put("steps", config.path("num_steps"));
        fields.put("samples", config.path("w_avg_samples"));
        fields.put("learning_rate", config.path("initial_learning_rate"));
        fields.put("noise_factor", config.path("initial_noise_factor"));
        fields.put("rampdown", config.path("lr_rampdown_length"));
        fields.put("rampup", config.path("lr_rampup_length"));
        fields.put("noise_ramp", config.path("noise_ramp_length"));
        fields.put("noise_regularization", config.path("regularize_noise_weight"));
        return (InvertRequest) Json.read(Json.bytes(fields), JobRequest.class);
    }

    /** The noise that the golden's notes describe. */
    private static final class Recorded implements SearchNoise {
        @Override
        public Noise maps(Generator generator, NDManager manager) {
            var maps = new LinkedHashMap<String, NDArray>();
            generator.parameters().forEach((name, array) -> {
                if (name.endsWith(".noise_const")) {
                    long size = array.getShape().get(0);
                    maps.put(name.substring(0, name.length() - ".noise_const".length()), GeneratedWeights.input(
                            "in.noise/" + name.substring(SYNTHESIS.length()), new Shape(1, 1, size, size),
                            UNIT_VARIANCE, 0, manager));
                }
            });
            return new Noise.Given(maps);
        }

        @Override
        public NDArray latent(int step, int rows, int width, NDManager manager) {
            return GeneratedWeights.input("in.w_noise/step" + step, new Shape(rows, width), UNIT_VARIANCE, 0, manager);
        }
    }
}
