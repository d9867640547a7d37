package org.atelier.worker.job.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Generation;
import org.atelier.worker.edit.invert.Inversion;
import org.atelier.worker.face.DrawnPhoto;
import org.atelier.worker.goldens.SmallBundle;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on photos whose faces the bundle finds itself: a small StyleGAN3-R that draws nothing, and an MTCNN that sees. */
class FoundFaceTest {
    private static final ResidentNetworks<BundleNetworks> BUNDLES = new ResidentNetworks<>(
            bundle -> BundleNetworks.open(bundle.folder(), TestEngine.get()), 1);
    private static final EditRunner<InvertRequest> INVERT = new EditRunner<>(InvertRequest.class, true, BUNDLES,
            Inversion::new);
    private static final EditRunner<GenerateRequest> GENERATE = new EditRunner<>(GenerateRequest.class, false, BUNDLES,
            Generation::new);
    private static final double DEGREES = 15;

    @TempDir
    private static Path bundle;
    private static DrawnPhoto photo;
    private static byte[] file;

    @TempDir
    private Path folder;

    @BeforeAll
    static void write() throws IOException {
        SmallBundle.photosWithFaces(bundle).close();
        photo = DrawnPhoto.ofTwo(DEGREES);
        file = photo.picture().png();
    }

    @AfterAll
    static void free() {
        assertThat(BUNDLES.dropLeastUsed()).as("the networks are idle after all jobs have ended").isTrue();
    }

    private RecordingContext context(byte[] image) {
        var context = new RecordingContext(bundle, folder.resolve("state"));
        context.input(image);
        return context;
    }

    private static JobRequest request(Map<String, Object> fields) {
        var all = new TreeMap<String, Object>(fields);
        all.put("bundle", "photos3@1");
        return Json.read(Json.bytes(all), JobRequest.class);
    }

    private static JobResult invert(Map<String, Object> image, RecordingContext context) {
        return INVERT.run((InvertRequest) request(Map.of("type", "invert", "method", "encoder", "samples", 100,
                "source", image)), context);
    }

    @Test
    void theLargestFaceIsTakenAndTheResultSaysWhere() {
        var context = context(file);
        var measures = invert(Map.of("image", Digest.of(file)), context).summary().path("measures");

        assertThat(measures.path("faces").asInt()).isEqualTo(2);
        assertThat(measures.path("face_probability").asDouble()).isGreaterThan(0.7);
        assertThat(measures.path("placement_degrees").asDouble()).as("the photo keeps its place").isCloseTo(-DEGREES,
                within(5.0));
        assertThat(context.stored).containsKeys("landmarks.png", "photo.png");
        var image = Json.tree(Json.read(context.bytes("landmarks.json"), Map.class)).path("images").path(0);
        assertThat(image.path("image").asText()).isEqualTo(Digest.of(file).toString());
        assertThat(image.path("width").asInt()).isEqualTo(photo.picture().width());
        assertThat(image.path("faces")).hasSize(2);
        var taken = image.path("faces").path(image.path("taken").asInt()).path("landmarks");
        for (int i = 0; i < 5; i++) {
            assertThat(Math.hypot(taken.path(i).path(0).asDouble() - photo.largest().get(i).x(), taken.path(i).path(1)
                    .asDouble() - photo.largest().get(i).y())).isLessThan(0.12 * photo.side());
        }

        // A user may correct them and ask again; what is not corrected gives the same.
        var again = context(file);
        invert(Map.of("image", Digest.of(file), "landmarks", taken), again);
        assertThat(again.stored).doesNotContainKeys("landmarks.json", "landmarks.png");
        for (var artifact : new String[]{"image.png", "photo.png", "latent.safetensors"}) {
            assertThat(again.bytes(artifact)).as(artifact).isEqualTo(context.bytes(artifact));
        }
    }

    @Test
    void everyEditFindsTheFaceOfAnImage() {
        var context = context(file);
        GENERATE.run((GenerateRequest) request(Map.of("type", "generate", "sources", new Object[]{Map.of("seed", 1), Map
                .of("image", Digest.of(file), "placement", "aligned"), Map.of("image", Digest.of(file))})), context);

        assertThat(Json.tree(Json.read(context.bytes("landmarks.json"), Map.class)).path("images")).hasSize(1);
        assertThat(context.stored).containsKey("landmarks.png");
    }

    @Test
    void anImageWithoutAFaceIsAnErrorThatSaysWhatToDo() {
        var empty = Picture.of(new BufferedImage(90, 70, BufferedImage.TYPE_INT_RGB)).png();
        assertThatThrownBy(() -> invert(Map.of("image", Digest.of(empty)), context(empty)))
                .isInstanceOfSatisfying(JobException.class, e -> {
                    assertThat(e.category()).isEqualTo(ErrorCategory.FACE_NOT_FOUND);
                    assertThat(e.category().retryable()).isFalse();
                })
                .hasMessageContaining("90 x 70").hasMessageContaining("landmarks").hasMessageContaining(
                        "aligned: true");
    }
}
