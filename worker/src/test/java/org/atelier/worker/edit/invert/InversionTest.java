package org.atelier.worker.edit.invert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.EditStates;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Generation;
import org.atelier.worker.edit.LatentOptimization;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inversion with the bundle that comes with the project, of a face that its generator drew. */
class InversionTest {
    private static final int SEED = 7;

    private static BundleNetworks networks;
    private static NDManager manager;
    private static byte[] face;

    @TempDir
    private Path folder;

    @BeforeAll
    static void drawFace() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        manager = TestEngine.get().newManager();
        face = Scope.call(() -> {
            var wPlus = new Latents(networks, new FakeInputs()).resolve(new Source.Seed(SEED), Truncation.NONE,
                    manager);
            return Picture.of(networks.generator().render(wPlus, Noise.STORED)).getFirst().png();
        });
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static Map<String, Object> fields(String method) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("type", "invert");
        fields.put("bundle", "avatar-128");
        fields.put("method", method);
        fields.put("source", Map.of("image", Digest.of(face), "aligned", true));
        fields.put("samples", 1000);
        fields.put("preview_every", 0);
        return fields;
    }

    private static Inversion inversion(Map<String, Object> fields) {
        return new Inversion((InvertRequest) Json.read(Json.bytes(fields), JobRequest.class), networks, inputs());
    }

    private static FakeInputs inputs() {
        return new FakeInputs().with(face);
    }

    private static List<Product> run(Inversion inversion) {
        while (!inversion.isDone()) {
            inversion.step();
        }
        return inversion.finish();
    }

    private static byte[] bytes(String name, List<Product> products) {
        return products.stream().filter(product -> product.name().equals(name)).findFirst().orElseThrow().bytes();
    }

    /** What the mean face has, for comparison. */
    private static double lpipsOfTheMeanFace() {
        var fields = fields("projector");
        fields.put("steps", 1);
        fields.put("optimize_noise", false);
        try (var inversion = inversion(fields)) {
            return inversion.step().lpips();
        }
    }

    @Test
    void theEncoderFindsAFaceThatEditsCanStartFrom() {
        try (var inversion = inversion(fields("encoder"))) {
            var products = run(inversion);
            var measures = inversion.measures();
            assertThat(inversion.stepsDone()).isOne();
            assertThat(measures.get("lpips")).isLessThan(lpipsOfTheMeanFace() / 2);
            assertThat(measures.get("identity")).isLessThan(0.3);
            assertThat(measures.get("deviation")).isBetween(0.3, 2.0);
            assertThat(bytes("picture.png", products)).isEqualTo(drawnFrom(new Source.Latent(Digest.of(bytes(
                    "latent.safetensors", products))), inputs().with(bytes("latent.safetensors", products))));
        }
    }

    @Test
    void anyEditMayStartFromAnImage() {
        List<Product> products;
        try (var inversion = inversion(fields("encoder"))) {
            products = run(inversion);
        }
        assertThat(drawnFrom(Source.Image.aligned(Digest.of(face)), inputs())).isEqualTo(bytes("picture.png",
                products));
    }

    private static byte[] drawnFrom(Source source, FakeInputs inputs) {
        return Scope.call(() -> Picture.of(networks.generator().render(new Latents(networks, inputs).resolve(source,
                Truncation.NONE, manager), Noise.STORED)).getFirst().png());
    }

    @Test
    void theProjectorComesClose() {
        var fields = fields("projector");
        fields.put("steps", 60);
        try (var inversion = inversion(fields)) {
            run(inversion);
            assertThat(inversion.measures().get("lpips")).isLessThan(lpipsOfTheMeanFace() / 3);
            assertThat(inversion.measures().get("identity")).isLessThan(0.3);
        }
    }

    @Test
    void theProjectorGoesOnFromWhatTheEncoderFound() {
        var fields = fields("encoder+projector");
        fields.put("steps", 20);
        fields.put("space", "w+");
        try (var encoder = inversion(fields("encoder")); var both = inversion(fields)) {
            double start = encoder.step().lpips();
            run(both);
            assertThat(both.measures().get("edit_lpips")).isLessThan(start);
        }
    }

    @Test
    void whatStaysWithinTheBoundCanBeEdited() {
        var fields = fields("projector");
        fields.put("steps", 25);
        fields.put("space", "w+");
        fields.put("max_deviation", 0.8);
        byte[] latent;
        try (var inversion = inversion(fields)) {
            latent = bytes("latent.safetensors", run(inversion));
            assertThat(inversion.measures().get("deviation")).isLessThanOrEqualTo(0.8001);
        }
        var request = (OptimizeRequest) Json.read(Json.bytes(Map.of("type", "optimize", "bundle", "avatar-128",
                "prompt",
                "a person with a lush beard", "steps", 15, "preview_every", 0, "source", Map.of("latent", Digest.of(
                        latent)))), JobRequest.class);
        try (var edit = new LatentOptimization(request, networks, new FakeInputs().with(latent))) {
            while (!edit.isDone()) {
                edit.step();
            }
            assertThat(edit.losses().getLast().clip()).isLessThan(edit.losses().getFirst().clip() - 0.05);
        }
    }

    @Test
    void pivotalTuningMakesAGeneratorThatDrawsTheImage() throws IOException {
        var fields = fields("pti");
        fields.put("steps", 4);
        fields.put("tuning", Map.of("steps", 8, "stop_at", 0));
        try (var inversion = inversion(fields)) {
            var products = run(inversion);
            var losses = inversion.losses();
            assertThat(losses).hasSize(12);
            assertThat(losses.getLast().total()).isLessThan(losses.get(4).total());
            var delta = GeneratorDelta.read("delta", bytes(GeneratorDelta.FILE, products));
            var latent = bytes("latent.safetensors", products);
            try (var tuned = networks.tuned(delta)) {
                var drawn = Scope.call(() -> Picture.of(tuned.generator().render(new Latents(tuned, new FakeInputs()
                        .with(
                                latent)).resolve(new Source.Latent(Digest.of(latent)), Truncation.NONE, manager),
                        Noise.STORED))
                        .getFirst());
                assertThat(largestDifference(drawn, Picture.read(bytes("picture.png", products)))).isLessThan(2);
            }
        }
    }

    /** An edit that changes nothing shows what the inversion shows only if it draws with the maps that were optimised. */
    @Test
    void anEditOfAnInversionMayDrawWithItsNoiseMaps() {
        var fields = fields("projector");
        fields.put("steps", 12);
        List<Product> found;
        try (var inversion = inversion(fields)) {
            found = run(inversion);
        }
        var shown = Picture.read(bytes("picture.png", found));
        var job = new JobId("inversion");
        var inputs = inputs().with(job, "latent.safetensors", bytes("latent.safetensors", found)).with(job,
                InvertRequest.NOISE, bytes(InvertRequest.NOISE, found));

        assertThat(largestDifference(generated(job, "source", inputs), shown)).isLessThan(2);
        assertThat(largestDifference(generated(job, "const", inputs), shown)).isGreaterThan(10);
    }

    private static Picture generated(JobId job, String noise, FakeInputs inputs) {
        return generated(Map.of("job", job), noise, inputs);
    }

    private static Picture generated(Map<String, Object> source, String noise, FakeInputs inputs) {
        var request = (GenerateRequest) Json.read(Json.bytes(Map.of("type", "generate", "bundle", "avatar-128",
                "sources", List.of(source), "noise", Map.of("mode", noise))), JobRequest.class);
        try (var generation = new Generation(request, networks, inputs)) {
            generation.step();
            return generation.picture();
        }
    }

    @Test
    void noiseMapsOfASourceAreThoseOfAnInversion() {
        assertThatThrownBy(() -> generated(Map.of("seed", 1), "source", inputs()))
                .isInstanceOf(JobException.class).hasMessageContaining("must be the result of an invert job");

        var job = new JobId("elsewhere");
        var other = SafetensorsWriter.bytes(Map.of(), Map.of("bundle", "another@1"));
        var inputs = inputs().with(job, InvertRequest.NOISE, other);
        assertThatThrownBy(() -> Noises.forEach(networks, new org.atelier.common.job.Noise(
                org.atelier.common.job.Noise.Mode.SOURCE, 0L), inputs).next(new Source.Result(job, null), manager))
                .isInstanceOf(JobException.class).hasMessageContaining("is for another@1 and not for avatar-128");
    }

    private static int largestDifference(Picture a, Picture b) {
        int largest = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            largest = Math.max(largest, Math.abs(Byte.toUnsignedInt(a.rgb()[i]) - Byte.toUnsignedInt(b.rgb()[i])));
        }
        return largest;
    }

    @Test
    void pivotalTuningStopsWhereItIsCloseEnough() throws IOException {
        var fields = fields("pti");
        fields.put("steps", 1);
        fields.put("tuning", Map.of("stop_at", 10));
        try (var inversion = inversion(fields)) {
            run(inversion);
            assertThat(inversion.stepsDone()).isEqualTo(2);
            assertThat(inversion.losses().getLast().learningRate()).isZero();
            EditStates.save(inversion, folder.resolve("end.safetensors"));
        }
        try (var inversion = inversion(fields)) {
            EditStates.restore(inversion, folder.resolve("end.safetensors"));
            assertThat(inversion.isDone()).isTrue();
        }
    }

    @Test
    void noiseMapsAreStoredAndNormalised() {
        var fields = fields("projector");
        fields.put("steps", 2);
        try (var inversion = inversion(fields);
                var maps = SafetensorsFile.of("noise", bytes("noise.safetensors", run(inversion)))) {
            assertThat(maps.names()).contains("synthesis.b4.conv1", "synthesis.b128.conv1");
            var map = maps.read("synthesis.b128.conv1", manager);
            assertThat(map.mean().getFloat()).isBetween(-1e-4f, 1e-4f);
            assertThat(map.square().mean().getFloat()).isBetween(0.999f, 1.001f);
        }
    }

    @Test
    void aDamagedImageIsRefusedWithWhatToDo() {
        var broken = new byte[]{1, 2, 3};
        var fields = fields("encoder");
        fields.put("source", Map.of("image", Digest.of(broken), "aligned", true));
        var request = (InvertRequest) Json.read(Json.bytes(fields), JobRequest.class);
        assertThatThrownBy(() -> new Inversion(request, networks, new FakeInputs().with(broken)))
                .isInstanceOfSatisfying(
                        JobException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE))
                .hasMessageContaining("neither a PNG nor a JPEG");
    }
}
