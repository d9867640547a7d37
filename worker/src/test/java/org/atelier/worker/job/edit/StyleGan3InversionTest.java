package org.atelier.worker.job.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.Generation;
import org.atelier.worker.edit.LatentOptimization;
import org.atelier.worker.edit.invert.Inversion;
import org.atelier.worker.goldens.SmallBundle;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inversions of a photo with landmarks as whole jobs, on a small StyleGAN3-R with random weights. */
class StyleGan3InversionTest {
    private static final ResidentNetworks<BundleNetworks> BUNDLES = new ResidentNetworks<>(
            bundle -> BundleNetworks.open(bundle.folder(), TestEngine.get()), 1);
    private static final EditRunner<InvertRequest> INVERT = new EditRunner<>(InvertRequest.class, true, BUNDLES,
            Inversion::new);
    private static final EditRunner<GenerateRequest> GENERATE = new EditRunner<>(GenerateRequest.class, false, BUNDLES,
            Generation::new);
    private static final EditRunner<OptimizeRequest> OPTIMIZE = new EditRunner<>(OptimizeRequest.class, true, BUNDLES,
            LatentOptimization::new);
    private static final JobId INVERSION = new JobId("inversion");
    private static final String PLACEMENT = "placement";
    private static final byte[] PHOTO = TurnedPhoto.png();

    @TempDir
    private static Path bundle;
    @TempDir
    private Path folder;

    @BeforeAll
    static void write() throws IOException {
        SmallBundle.photos(bundle).close();
    }

    @AfterAll
    static void free() {
        assertThat(BUNDLES.dropLeastUsed()).as("the networks are idle after all jobs have ended").isTrue();
    }

    private RecordingContext context() {
        var context = new RecordingContext(bundle, folder.resolve("state"));
        context.input(PHOTO);
        return context;
    }

    private static <T extends JobRequest> T request(Class<T> type, Map<String, Object> fields,
            Map<String, Object> more) {
        var all = new TreeMap<String, Object>(fields);
        all.putAll(more);
        all.put("bundle", "photos3@1");
        return type.cast(Json.read(Json.bytes(all), JobRequest.class));
    }

    private static InvertRequest inversion(String method, Map<String, Object> image) {
        var source = new TreeMap<String, Object>(image);
        source.put("image", Digest.of(PHOTO));
        source.put("landmarks", TurnedPhoto.landmarks());
        return request(InvertRequest.class, Map.of("type", "invert", "method", method, "source", source, "samples", 50,
                "preview_every", 2), method.equals("encoder")
                        ? Map.of()
                        : Map.of("steps", 2, "tuning", Map.of("steps", 2, "stop_at", 0)));
    }

    private static String placement(byte[] latent) {
        try (var file = SafetensorsFile.of("latent", latent)) {
            return file.metadata().getOrDefault(PLACEMENT, "none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "projector", "encoder+projector", "pti"})
    void everyMethodPlacesThePhoto(String method) {
        var request = inversion(method, Map.of());
        var undisturbed = context();
        var result = INVERT.run(request, undisturbed);

        assertThat(undisturbed.stored).containsKeys("image.png", "photo.png", "picture.png", "comparison.png",
                "latent.safetensors", "losses.json");
        assertThat(undisturbed.stored.containsKey("generator-delta.safetensors")).isEqualTo(method.equals("pti"));
        assertThat(undisturbed.stored).doesNotContainKey("noise.safetensors");
        assertThat(result.summary().path("measures").path("placement_degrees").asDouble()).isCloseTo(
                TurnedPhoto.DEGREES, within(
                        1e-9));
        assertThat(placement(undisturbed.bytes("latent.safetensors"))).endsWith(" " + result.summary().path("measures")
                .path("placement_degrees").asText());
        assertThat(undisturbed.bytes("photo.png")).isNotEqualTo(undisturbed.bytes("image.png"));
    }

    @Test
    void aPhotoMayBeDrawnAlignedInstead() {
        var there = context();
        INVERT.run(inversion("encoder", Map.of()), there);
        var aligned = context();
        INVERT.run(inversion("encoder", Map.of(PLACEMENT, "aligned")), aligned);

        assertThat(aligned.stored).doesNotContainKey("photo.png");
        assertThat(placement(aligned.bytes("latent.safetensors"))).isEqualTo("none");
        assertThat(aligned.bytes("image.png")).isEqualTo(there.bytes("image.png"));
        assertThat(aligned.bytes("picture.png")).isNotEqualTo(there.bytes("picture.png"));
        assertThat(aligned.stored.get("losses.json")).isEqualTo(there.stored.get("losses.json"));
    }

    @Test
    void editsOfAPhotoLieWhereItLies() {
        var inverted = context();
        INVERT.run(inversion("encoder", Map.of()), inverted);
        var latent = inverted.bytes("latent.safetensors");
        var place = placement(latent);
        var context = context();
        context.result(INVERSION, "latent.safetensors", latent);

        GENERATE.run(request(GenerateRequest.class, Map.of("type", "generate", "sources", List.of(Map.of("job",
                INVERSION), Map.of("seed", 1), Map.of("image", Digest.of(PHOTO),
                        "landmarks", TurnedPhoto.landmarks()))), Map.of()), context);
        assertThat(context.bytes("picture-0.png")).isEqualTo(inverted.bytes("picture.png"));
        assertThat(context.bytes("picture-2.png")).as("an image as a source").isEqualTo(inverted.bytes("picture.png"));
        assertThat(List.of(placement(context.bytes("latent-0.safetensors")), placement(context.bytes(
                "latent-1.safetensors")), placement(context.bytes("latent-2.safetensors")))).containsExactly(place,
                        "none", place);

        for (var space : List.of("w", "w+", "s")) {
            OPTIMIZE.run(request(OptimizeRequest.class, Map.of("type", "optimize", "source", Map.of("job", INVERSION),
                    "prompt", "a smile", "space", space, "steps", 2, "id_lambda", 0, "learning_rate", 0), Map.of()),
                    context);
            assertThat(context.bytes("before.png")).as(space).isEqualTo(inverted.bytes("picture.png"));
            assertThat(context.bytes("after.png")).as(space).isEqualTo(inverted.bytes("picture.png"));
            assertThat(placement(context.bytes("latent.safetensors"))).as(space).isEqualTo(place);
        }
    }
}
