package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.edit.invert.LatentStatistics;
import org.atelier.worker.edit.invert.PictureDistance;
import org.atelier.worker.edit.invert.Projector;
import org.atelier.worker.edit.invert.SearchNoise;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.perceptual.Backbone;
import org.atelier.worker.nn.perceptual.Lpips;
import org.atelier.worker.nn.perceptual.Lpips.Scaling;
import org.atelier.worker.nn.stylegan3.StyleGan3Config;
import org.atelier.worker.nn.stylegan3.StyleGan3Generator;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.Test;

/** The projector on a StyleGAN3, which has no noise maps: the latent alone moves. Weights are random, so little is shown. */
class StyleGan3ProjectorTest {
    private static final Path ROOT = Path.of("src/test/goldens");

    private static InvertRequest request(String space) {
        return (InvertRequest) Json.read(Json.bytes(Map.of("type", "invert", "bundle", "b", "source", Map.of("image",
                Digest.of(new byte[0]), "aligned", true), "space", space, "steps", 8, "samples", 200, "learning_rate",
                0.05, "max_deviation", 1.2)), JobRequest.class);
    }

    @Test
    void movesTheLatentAlone() {
        try (var golden = new Golden(ROOT, ROOT.resolve("stylegan3/sg3t_r32.json"));
                var manager = TestEngine.get().newManager();
                var generator = StyleGan3Generator.load(StyleGan3Config.of(golden.config(), golden.weights()), golden
                        .weights(), TestEngine.get());
                var lpips = Lpips.load(Backbone.VGG16, Scaling.PUBLISHED, golden.weights("lpips_vgg16"), TestEngine
                        .get())) {
            var target = Scope.computeFor(manager, () -> generator.render(golden.array("in.wplus", manager).get(":1"),
                    Noise.NONE).clip(-1, 1));
            var statistics = LatentStatistics.of(generator, 200, manager);
            try (var distance = new PictureDistance(lpips, target, manager)) {
                for (var space : new String[]{"w", "w+"}) {
                    var start = space.equals("w")
                            ? statistics.mean()
                            : statistics.mean().broadcast(generator.rows(), generator.wSize());
                    try (var projector = new Projector(request(space), generator, TestEngine.get(), distance,
                            statistics, start, SearchNoise.seeded(1), manager)) {
                        double first = projector.step(0).total();
                        while (projector.stepsDone() < projector.steps() - 1) {
                            projector.step(projector.stepsDone());
                        }
                        assertThat(projector.maps()).isEmpty();
                        assertThat(projector.step(projector.stepsDone()).total()).as(space).isLessThan(first);
                        for (float deviation : statistics.distances(projector.rows())) {
                            assertThat(deviation).isLessThanOrEqualTo(1.2001f);
                        }
                    }
                }
            }
        }
    }
}
