package org.atelier.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.request.SubmissionReader;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.boundary.BoundaryApplication;
import org.atelier.worker.edit.boundary.BoundaryTraining;
import org.atelier.worker.edit.delta.DeltaApplication;
import org.atelier.worker.edit.delta.DeltaTraining;
import org.atelier.worker.edit.mapper.MapperApplication;
import org.atelier.worker.edit.mapper.MapperTraining;
import org.atelier.worker.goldens.SmallBundle;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What edits of sources make of a picture that lies elsewhere in its frame, on a small StyleGAN3 with random weights:
 * the latent of the same picture at its usual place, drawn where the source lies. (Directions: DirectionApplicationTest.)
 */
class PlacedEditsTest {
    private static final Placement PLACE = new Placement(0.2, -0.1, 20);
    private static final String SOURCES = "\"sources\": [{\"latent\": \"%s\"}, {\"latent\": \"%s\"}]";

    @TempDir
    private static Path folder;

    private static BundleNetworks networks;
    private static NDManager manager;
    /** The same latent, at its usual place and at another. */
    private static byte[] usual;
    private static byte[] placed;

    @BeforeAll
    static void open() throws IOException {
        networks = SmallBundle.photos(folder);
        manager = TestEngine.get().newManager();
        var generator = networks.generator();
        var wPlus = Scope.computeFor(manager, () -> generator.truncate(generator.map(HostArrays.of(manager,
                new RandomState(5).randnFloat(generator.zSize()), new Shape(1, generator.zSize()))), 1, 0));
        usual = new Placed(networks, Placement.NONE).file("usual", wPlus).bytes();
        placed = new Placed(networks, PLACE).file("placed", wPlus).bytes();
    }

    @AfterAll
    static void close() {
        manager.close();
        networks.close();
    }

    private static <R extends JobRequest> R request(Class<R> type, String fields) {
        return type.cast(new SubmissionReader().read(("{\"request\": {\"bundle\": \"photos3\", " + fields + "}}")
                .getBytes(StandardCharsets.UTF_8)).submission().request());
    }

    private static Map<String, byte[]> run(Edit edit) {
        var files = new TreeMap<String, byte[]>();
        try (edit) {
            while (!edit.isDone()) {
                edit.step().products().forEach(product -> files.put(product.name(), product.bytes()));
            }
            edit.finish().forEach(product -> files.put(product.name(), product.bytes()));
        }
        return files;
    }

    private static Map<String, byte[]> apply(byte[] trained, String fields,
            Function<String, Function<FakeInputs, Edit>> job) {
        var sources = SOURCES.formatted(Digest.of(usual), Digest.of(placed));
        return run(job.apply(fields.formatted(Digest.of(trained)) + ", " + sources).apply(new FakeInputs().with(usual)
                .with(placed).with(trained)));
    }

    private static Map<String, NDArray> tensors(SafetensorsFile file) {
        var tensors = new TreeMap<String, NDArray>();
        file.names().forEach(name -> tensors.put(name, file.read(name, manager)));
        return tensors;
    }

    /** A picture of a latent's file at a place. */
    private static byte[] drawn(Map<String, NDArray> latent, Placement place) {
        return Scope.call(() -> {
            var at = new Placed(networks, place);
            var styles = new TreeMap<String, NDArray>();
            latent.forEach((name, tensor) -> styles.put(name.substring(name.indexOf('/') + 1), tensor));
            return Picture.of(latent.containsKey("w+")
                    ? at.draw(latent.get("w+"), Noise.NONE)
                    : at.draw(styles, Noise.NONE)).getFirst().png();
        });
    }

    /**
     * Both sources became the same latent, and each is drawn where it lies.
     *
     * @param picture and latent of a source, with %s for its number
     */
    private static void areDrawnWhereTheyLie(Map<String, byte[]> files, String picture, String latent) {
        try (var first = SafetensorsFile.of("usual", files.get(latent.formatted(0)));
                var second = SafetensorsFile.of("placed", files.get(latent.formatted(1)))) {
            assertThat(LatentMetadata.placement(first)).isEqualTo(Placement.NONE);
            assertThat(LatentMetadata.placement(second)).isEqualTo(PLACE);
            var tensors = tensors(first);
            assertThat(tensors).isEqualTo(tensors(second));
            assertThat(files.get(picture.formatted(0))).as("the usual place").isEqualTo(drawn(tensors, Placement.NONE));
            assertThat(files.get(picture.formatted(1))).as("where the source lies").isEqualTo(drawn(tensors, PLACE))
                    .isNotEqualTo(files.get(picture.formatted(0)));
        }
    }

    @Test
    void byAMapper() {
        for (var kind : new String[]{"levels", "stylespace"}) {
            var mapper = run(MapperTraining.of(request(MapperTrainRequest.class, """
                    "type": "mapper-train", "prompt": "a face", "kind": "%s", "steps": 2, "batch": 1, "id_lambda": 0,
                    "validation": {"count": 0}, "preview_every": 0""".formatted(kind)), networks, new FakeInputs()))
                    .get("mapper.safetensors");

            areDrawnWhereTheyLie(apply(mapper, "\"type\": \"mapper-apply\", \"mapper\": {\"blob\": \"%s\"}",
                    fields -> inputs -> new MapperApplication(request(MapperApplyRequest.class, fields), networks,
                            inputs)), "picture-%s-0.png", "latent-%s-0.safetensors");
        }
    }

    @Test
    void byADeltaMapper() {
        var mapper = run(new DeltaTraining(request(DeltaTrainRequest.class,
                "\"type\": \"delta-train\", \"samples\": 128, \"steps\": 20, \"hidden\": [32], \"batch\": 32"),
                networks,
                new FakeInputs())).get("delta-mapper.safetensors");

        areDrawnWhereTheyLie(apply(mapper,
                "\"type\": \"delta-apply\", \"mapper\": {\"blob\": \"%s\"}, \"prompts\": [\"a smile\"], \"strengths\": [1]",
                fields -> inputs -> new DeltaApplication(request(DeltaApplyRequest.class, fields), networks, inputs)),
                "picture-%s-0-0.png", "latent-%s-0-0.safetensors");
    }

    @Test
    void byABoundary() {
        var boundary = run(new BoundaryTraining(request(BoundaryTrainRequest.class, """
                "type": "boundary-train", "samples": 64, "chosen": {"ratio": 0.25},
                "labels": {"positive": "a smile", "negative": "a face"}"""), networks, new FakeInputs()))
                .get(BoundaryTrainRequest.BOUNDARY);

        areDrawnWhereTheyLie(apply(boundary,
                "\"type\": \"boundary-apply\", \"boundary\": {\"blob\": \"%s\"}, \"steps\": 2",
                fields -> inputs -> new BoundaryApplication(request(BoundaryApplyRequest.class, fields), networks,
                        inputs)),
                "walk-%s-1.png", "walk-%s-1.safetensors");
    }
}
