package org.atelier.worker.job.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.edit.Generation;
import org.atelier.worker.edit.LatentOptimization;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.atelier.worker.job.runner.AttemptStoppedException;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditRunnerTest {
    private static final ResidentNetworks<BundleNetworks> BUNDLES = new ResidentNetworks<>(
            bundle -> BundleNetworks.open(bundle.folder(), TestEngine.get()), 1);
    private static final EditRunner<OptimizeRequest> OPTIMIZE = new EditRunner<>(OptimizeRequest.class, true, BUNDLES,
            LatentOptimization::new);
    private static final EditRunner<GenerateRequest> GENERATE = new EditRunner<>(GenerateRequest.class, false, BUNDLES,
            Generation::new);
    private static final OptimizeRequest SMILE = (OptimizeRequest) Json.read(Json.bytes(Json.tree(Map.of(
            "type", "optimize", "bundle", "avatar-128@3", "source", Map.of("seed", 2), "prompt",
            "a big smile", "steps", 3, "id_lambda", 0.02, "preview_every", 2))), JobRequest.class);

    @TempDir
    private Path folder;

    private RecordingContext context() {
        return new RecordingContext(folder.resolve("state"));
    }

    @AfterAll
    static void free() {
        assertThat(BUNDLES.dropLeastUsed()).as("the networks are idle after all jobs have ended").isTrue();
    }

    @Test
    void anEditTellsOfEachStepAndStoresItsFiles() {
        var context = context();

        var result = OPTIMIZE.run(SMILE, context);

        assertThat(context.heartbeats).containsExactly(0, 1, 2, 3);
        assertThat(context.previews).containsOnlyKeys("preview-2.png");
        assertThat(context.stored).containsOnlyKeys("before.png", "after.png", "before-after.png",
                "latent.safetensors", "losses.json", "losses.png");
        assertThat(result.artifacts()).containsExactlyElementsOf(context.stored.values());
        assertThat(result.summary().path("request").path("prompt").asText()).isEqualTo("a big smile");
        assertThat(result.summary().path("steps").asInt()).isEqualTo(3);
        assertThat(result.summary().path("losses").path("clip").asDouble()).isBetween(0.0, 2.0);
        assertThat(Json.read(context.bytes("losses.json"), JsonNode.class)).hasSize(3);
    }

    @Test
    void aBundleWithAnUnknownNetworkIsLeftToNewerWorkers() {
        try (var networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get())) {
            var card = networks.card();
            var identity = new NetworkCard("face-2030", "id.safetensors", "0".repeat(64), null, null, null, null);

            assertThat(OPTIMIZE.refusal(card)).isEmpty();
            assertThat(OPTIMIZE.refusal(new BundleCard(card.name(), "9", card.title(), card.licence(), card.generator(),
                    card.clip(), card.clips(), identity, null, null, null, null, null, null))).get().asString()
                    .contains("identity of avatar-128@9", "\"face-2030\"", "[ir-se, resnet-face]");
        }
    }

    @Test
    void aStateThatIsNotUnderstoodMeansToStartFromTheBeginning() throws IOException {
        var undisturbed = context();
        OPTIMIZE.run(SMILE, undisturbed);

        Files.writeString(folder.resolve("state"), "of another time");
        var resumed = context().resumeAt(2);
        OPTIMIZE.run(SMILE, resumed);

        assertThat(resumed.heartbeats).startsWith(0, 1);
        assertThat(resumed.stored).isEqualTo(undisturbed.stored);
    }

    @Test
    void aCheckpointOfAnotherRequestIsNotTaken() {
        var sad = (OptimizeRequest) SMILE.with("prompt", "a sad face");
        assertThatExceptionOfType(AttemptStoppedException.class).isThrownBy(() -> OPTIMIZE.run(SMILE, context().stopAt(
                1)));

        var same = context().resumeAt(1).stopAt(Integer.MAX_VALUE, 1);
        assertThatExceptionOfType(AttemptStoppedException.class).isThrownBy(() -> OPTIMIZE.run(SMILE, same));
        assertThat(same.heartbeats).containsExactly(1);
        var other = context().resumeAt(1).stopAt(Integer.MAX_VALUE, 1);
        assertThatExceptionOfType(AttemptStoppedException.class).isThrownBy(() -> OPTIMIZE.run(sad, other));
        assertThat(other.heartbeats).containsExactly(0, 1);
    }

    @Test
    void picturesAreStoredOneByOneAndLatentsDrawThemAgain() {
        var context = context();
        var request = new GenerateRequest("avatar-128@3", List.of(new Source.Seed(7), new Source.Seed(85)), null, null,
                null, new GenerateRequest.Grid(null), null);

        var result = GENERATE.run(request, context);

        assertThat(context.heartbeats).containsExactly(0, 1, 2);
        assertThat(context.stored).containsOnlyKeys("picture-0.png", "latent-0.safetensors", "picture-1.png",
                "latent-1.safetensors", "grid.png");
        assertThat(result.artifacts()).hasSize(5);
        assertThat(Picture.read(context.bytes("grid.png")).width()).isEqualTo(256);

        var again = context();
        var latent = again.input(context.bytes("latent-1.safetensors"));
        GENERATE.run(GenerateRequest.of("avatar-128@3", List.of(new Source.Latent(latent))), again);
        assertThat(again.bytes("picture-0.png")).isEqualTo(context.bytes("picture-1.png"));

        var ofAnotherJob = context();
        var parent = new JobId("parent");
        ofAnotherJob.result(parent, "latent-1.safetensors", context.bytes("latent-1.safetensors"));
        GENERATE.run(GenerateRequest.of("avatar-128@3", List.of(new Source.Result(parent, "latent-1.safetensors"))),
                ofAnotherJob);
        assertThat(ofAnotherJob.bytes("picture-0.png")).isEqualTo(context.bytes("picture-1.png"));
    }

    @Test
    void anyEditRunsOnATunedGenerator() {
        var context = context();
        var seed = List.<Source>of(new Source.Seed(7));
        GENERATE.run(GenerateRequest.of("avatar-128@3", seed), context);
        var untouched = context.bytes("picture-0.png");

        var tuned = new Input.Result(new JobId("tuning"), null);
        context.result(tuned.job(), "generator-delta.safetensors", withoutColours("avatar-128@3"));
        GENERATE.run(new GenerateRequest("avatar-128@3", seed, null, null, null, null, tuned), context);

        assertThat(context.bytes("picture-0.png")).isNotEqualTo(untouched);
        GENERATE.run(GenerateRequest.of("avatar-128@3", seed), context);
        assertThat(context.bytes("picture-0.png")).as("the next job has the bundle's own again").isEqualTo(untouched);
    }

    @Test
    void aTunedGeneratorOfAnotherBundleIsRefused() {
        var context = context();
        var tuned = new Input.Blob(context.input(withoutColours("faces@3")));
        var request = new GenerateRequest("avatar-128@3", List.of(new Source.Seed(7)), null, null, null, null, tuned);

        assertThatExceptionOfType(JobException.class).isThrownBy(() -> GENERATE.run(request, context))
                .withMessageContaining("belongs to the bundle faces@3, not to avatar-128@3")
                .satisfies(e -> assertThat(e.category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE));
    }

    /** A generator whose last colour layer has lost its weights. */
    private static byte[] withoutColours(String bundle) {
        try (var manager = TestEngine.get().newManager()) {
            return GeneratorDelta.multipliers(bundle, Map.of("synthesis.b128.torgb", manager.zeros(new Shape(32))), Map
                    .of());
        }
    }
}
