package org.atelier.worker.edit.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryApplyRequest.Distance;
import org.atelier.common.job.BoundaryApplyRequest.Rows;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.BoundaryTrainRequest.Chosen;
import org.atelier.common.job.BoundaryTrainRequest.Labels;
import org.atelier.common.job.BoundaryTrainRequest.Split;
import org.atelier.common.job.Input;
import org.atelier.common.job.Noise;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Attributes;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.Product;
import org.atelier.worker.goldens.StyleGan3Bundle;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boundaries of the bundle that comes with the project, judged by its reader, which is in no loss; and on a StyleGAN3. */
class BoundaryTrainingTest {
    private static final List<Source> FACES = LongStream.range(1_000, 1_008).<Source>mapToObj(Source.Seed::new)
            .toList();
    private static final Set<String> SMILES = Set.of("smile", "twinkle");
    private static final int SAMPLES = 600;

    private static BundleNetworks networks;
    private static NDManager manager;
    /** Between faces that smile and faces that do not, by CLIP. */
    private static byte[] smile;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        manager = TestEngine.get().newManager();
        smile = run(new BoundaryTraining(request("a big smile", "a sad person", SAMPLES), networks, new FakeInputs()))
                .get(BoundaryTrainRequest.BOUNDARY);
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static BoundaryTrainRequest request(String positive, String negative, int samples) {
        return new BoundaryTrainRequest("avatar-128", null, new Labels.Prompts(positive, negative), samples, 0L,
                new Chosen.Ratio(0.25), 0.9, Split.SHUFFLED, 1.0, List.of(), 16);
    }

    private static Map<String, byte[]> run(Edit edit) {
        var files = new TreeMap<String, byte[]>();
        try (edit) {
            var products = new ArrayList<Product>();
            while (!edit.isDone()) {
                products.addAll(edit.step().products());
            }
            products.addAll(edit.finish());
            products.forEach(product -> files.put(product.name(), product.bytes()));
        }
        return files;
    }

    private static BoundaryApplyRequest walk(Distance distance, Rows rows, List<Source> sources, double end,
            int steps) {
        return new BoundaryApplyRequest("avatar-128", null, new Input.Blob(Digest.of(smile)), List.of(), sources, -end,
                end, steps, distance, rows, Truncation.NONE, Noise.CONST, true);
    }

    private static Map<String, byte[]> run(BoundaryApplyRequest request) {
        return run(new BoundaryApplication(request, networks, new FakeInputs().with(smile)));
    }

    /** At the far side of the boundary faces smile that do not at the near side; most else of each stays. */
    @Test
    void facesSmileBeyondTheBoundary() {
        var request = new BoundaryApplyRequest("avatar-128", null, new Input.Blob(Digest.of(smile)), List.of(), FACES,
                -4.0,
                2.0, 2, null, null, Truncation.NONE, Noise.CONST, true);
        var files = run(request);
        int near = 0;
        int far = 0;
        int kept = 0;
        int others = 0;
        for (int face = 0; face < FACES.size(); face++) {
            var before = Attributes.of(networks, files.get("walk-" + face + "-0.png"), manager);
            var after = Attributes.of(networks, files.get("walk-" + face + "-1.png"), manager);
            near += SMILES.contains(before.get("mouth")) ? 1 : 0;
            far += SMILES.contains(after.get("mouth")) ? 1 : 0;
            for (var attribute : before.keySet()) {
                if (!attribute.equals("mouth")) {
                    others++;
                    kept += before.get(attribute).equals(after.get(attribute)) ? 1 : 0;
                }
            }
        }
        assertThat(near).as("smiles of " + FACES.size() + " at the near side").isLessThanOrEqualTo(1);
        assertThat(far).as("smiles of " + FACES.size() + " at the far side").isGreaterThanOrEqualTo(5);
        assertThat((double) kept / others).as("share of the rest that stays").isGreaterThan(0.6);
    }

    @Test
    void aWalkCrossesTheBoundaryAtItsMiddle() {
        var files = run(walk(null, null, List.of(new Source.Seed(3)), 3, 3));
        var boundary = Boundary.read("boundary", smile, networks.generator(), manager);

        for (int position = 0; position < 3; position++) {
            var w = rows(files.get("walk-0-" + position + ".safetensors"));
            assertThat(boundary.along(w.getFirst())).isCloseTo(3 * (position - 1), within(1e-3));
        }
        assertThat(files).containsKeys("sheet.png", "walk-0-0.png");
    }

    @Test
    void aWalkFromTheSourceMovesTheRowsThatItIsTold() {
        var files = run(walk(Distance.SOURCE, new Rows(2, 4), List.of(new Source.Seed(3)), 2, 1));
        var boundary = Boundary.read("boundary", smile, networks.generator(), manager);
        var rows = rows(files.get("walk-0-0.safetensors"));

        double there = boundary.along(rows.getFirst());
        for (int row = 0; row < rows.size(); row++) {
            assertThat(boundary.along(rows.get(row)) - there).as("row " + row).isCloseTo(row == 2 || row == 3 ? -2 : 0,
                    within(1e-3));
        }
    }

    /** The same in z: what a seed gives is walked along the normal, and a latent in z comes of it. */
    @Test
    void aBoundaryMayLieInZ() {
        var inZ = new BoundaryTrainRequest("avatar-128", null, new Labels.Prompts("a big smile", "a sad person"), 128,
                0L,
                new Chosen.Ratio(0.25), 0.9, Split.SHUFFLED, 1.0, List.of(), 16, BoundaryTrainRequest.Space.Z);
        var file = run(new BoundaryTraining(inZ, networks, new FakeInputs())).get(BoundaryTrainRequest.BOUNDARY);
        var boundary = Boundary.read("boundary", file, networks.generator(), manager);
        var inputs = new FakeInputs().with(file).with(smile);

        assertThat(boundary.isInZ()).isTrue();
        assertThat(boundary.normal()).hasSize(networks.generator().zSize());
        var files = run(new BoundaryApplication(inZ(file, List.of(new Source.Seed(3)), List.of(), null), networks,
                inputs));
        for (int position = 0; position < 3; position++) {
            var latent = files.get("walk-0-" + position + ".safetensors");
            try (var stored = SafetensorsFile.of("latent", latent)) {
                assertThat(boundary.along(DoubleTensors.read(stored, "z", manager))).isCloseTo(3 * (position - 1),
                        within(1e-3));
            }
            var drawn = Scope.call(() -> Picture.of(networks.generator().render(new Latents(networks, new FakeInputs()
                    .with(latent)).resolve(new Source.Latent(Digest.of(latent)), Truncation.NONE, manager),
                    org.atelier.worker.nn.Noise.STORED)).getFirst().png());
            assertThat(drawn).as("the latent is the one of the picture").isEqualTo(files.get("walk-0-" + position
                    + ".png"));
        }

        assertThatThrownBy(() -> new BoundaryApplication(inZ(file, FACES, List.of(new Input.Blob(Digest.of(smile))),
                null), networks, inputs)).hasMessageContaining("A condition is a boundary in w, but this one is in z");
        assertThatThrownBy(() -> new BoundaryApplication(inZ(file, FACES, List.of(), new Rows(0, 2)), networks, inputs))
                .hasMessageContaining("leave \"rows\" out");
    }

    private static BoundaryApplyRequest inZ(byte[] boundary, List<Source> sources, List<Input> conditions, Rows rows) {
        return new BoundaryApplyRequest("avatar-128", null, new Input.Blob(Digest.of(boundary)), conditions, sources,
                -3.0, 3.0, 3, null, rows, Truncation.psi(0.7), Noise.CONST, true);
    }

    private static List<double[]> rows(byte[] latent) {
        try (var file = SafetensorsFile.of("latent", latent)) {
            return DoubleTensors.rows(DoubleTensors.read(file, "w+", manager), networks.generator().wSize());
        }
    }

    @Test
    void conditionsStayWhereTheyAre() {
        var plane = new Boundary(new double[]{0.6, 0.8, 0}, 0, Map.of());
        var conditioned = plane.conditionedOn(List.of(new double[]{1, 0, 0}, new double[]{1, 0, 1}));

        assertThat(conditioned.normal()).usingComparatorWithPrecision(1e-12).containsExactly(0, 1, 0);
        assertThatThrownBy(() -> plane.conditionedOn(List.of(new double[]{1, 0, 0}, new double[]{-2, 0, 0})))
                .hasMessageContaining("Condition 2 says nothing beside those before it");
        assertThatThrownBy(() -> plane.conditionedOn(List.of(new double[]{0.6, 0.8, 0}))).hasMessageContaining(
                "leave nothing of the boundary");
    }

    @Test
    void filesThatAreNoBoundariesAreRefused() {
        var other = SafetensorsWriter.bytes(Map.of("w", manager.ones(new Shape(1, 256))), Map.of());
        var foreign = new Boundary(new double[256], 0, Map.of("bundle", "other@1"));
        foreign.normal()[0] = 1;

        refused(other, "is no boundary of 256 numbers");
        refused(new byte[]{1, 2, 3}, "cannot be read");
        refused(foreign.file(manager), "was found for other@1");
    }

    private static void refused(byte[] file, String message) {
        var request = BoundaryApplyRequest.of("avatar-128", new Input.Blob(Digest.of(file)), FACES);
        assertThatThrownBy(() -> new BoundaryApplication(request, networks, new FakeInputs().with(file))).isInstanceOf(
                JobException.class).hasMessageContaining(message);
    }

    /** A StyleGAN3 of 32 px with random weights, given scores that are a coordinate of w. */
    @Test
    void findsTheDirectionOfGivenScoresOnAStyleGan3() throws IOException {
        StyleGan3Bundle.write(folder);
        try (var small = BundleNetworks.open(folder, TestEngine.get())) {
            int size = small.generator().wSize();
            var random = new Random(1);
            var w = IntStream.range(0, 400 * size).mapToDouble(i -> random.nextGaussian()).toArray();
            var scores = IntStream.range(0, 400).mapToDouble(i -> w[i * size + 5]).toArray();
            var labels = SafetensorsWriter.bytes(Map.of("w", manager.create(w, new Shape(400, size)), "scores", manager
                    .create(scores)), Map.of());
            var request = new BoundaryTrainRequest("small-stylegan3", null, new Labels.File(new Input.Blob(Digest.of(
                    labels))), 400, 0L, new Chosen.Ratio(0.4), 0.7, Split.SORTED, 1.0, List.of(), 8);
            var found = run(new BoundaryTraining(request, small, new FakeInputs().with(labels))).get(
                    BoundaryTrainRequest.BOUNDARY);
            assertThat(Boundary.read("found", found, small.generator(), manager).normal()[5]).isGreaterThan(0.95);

            var walk = run(new BoundaryApplication(BoundaryApplyRequest.of("small-stylegan3", new Input.Blob(Digest.of(
                    found)), List.of(new Source.Seed(1))), small, new FakeInputs().with(found)));
            assertThat(walk).hasSize(2 * BoundaryApplyRequest.STEPS + 1);
            assertThat(walk.get("walk-0-0.png")).isNotEqualTo(walk.get("walk-0-9.png"));
        }
    }
}
