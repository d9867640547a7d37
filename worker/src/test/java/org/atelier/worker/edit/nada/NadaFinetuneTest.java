package org.atelier.worker.edit.nada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NadaFinetuneTest {
    private static final Path BUNDLE = Path.of("../models/avatar-128");

    private static BundleNetworks networks;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(BUNDLE, TestEngine.get());
    }

    @AfterAll
    static void close() {
        networks.close();
    }

    private static NadaFinetuneRequest request(Map<String, Object> fields) {
        var all = new HashMap<String, Object>(Map.of("type", "nada-finetune", "bundle", "avatar-128@3", "source",
                "a person", "target", "a pencil sketch of a person", "iterations", 4, "batch", 2, "samples", 4,
                "preview_every", 0));
        all.putAll(fields);
        return (NadaFinetuneRequest) Json.read(Json.bytes(Json.tree(all)), JobRequest.class);
    }

    private static NadaFinetune finetune(Map<String, Object> fields) {
        return new NadaFinetune(request(fields), networks, new FakeInputs());
    }

    private static Map<String, byte[]> run(NadaFinetune job) {
        while (!job.isDone()) {
            job.step();
        }
        return job.finish().stream().collect(Collectors.toMap(Product::name, Product::bytes));
    }

    /**
     * What a text means to the eye: a sepia photograph is warm, marble is grey. Neither is a term of the loss, and each is
     * the other's control.
     */
    @Test
    void eachTextBringsItsOwnStyle() {
        var settings = Map.<String, Object>of("iterations", 40, "batch", 3, "samples", 6, "regularize_every", 0,
                "templates", "none", "phase", "all", "noise", "const");
        var sepia = styled(settings, "a sepia photograph of a person");
        var marble = styled(settings, "a marble statue of a person");

        var before = Picture.read(sepia.get("before.png"));
        var warm = Picture.read(sepia.get("after.png"));
        var grey = Picture.read(marble.get("after.png"));
        assertThat(warmth(warm)).isGreaterThan(warmth(before) + 5);
        assertThat(warmth(grey)).isLessThan(warmth(before) - 5);
        assertThat(colour(grey)).isLessThan(0.8 * colour(before));
        assertThat(colour(warm)).isGreaterThan(colour(grey));
    }

    private static Map<String, byte[]> styled(Map<String, Object> settings, String target) {
        var fields = new HashMap<>(settings);
        fields.put("target", target);
        try (var job = finetune(fields)) {
            return run(job);
        }
    }

    /** How much redder than blue a picture is on average, in levels of 255. */
    private static double warmth(Picture picture) {
        var rgb = picture.rgb();
        return IntStream.range(0, rgb.length / 3).mapToDouble(pixel -> Byte.toUnsignedInt(rgb[3 * pixel]) - Byte
                .toUnsignedInt(rgb[3 * pixel + 2])).average().orElseThrow();
    }

    /** How colourful a picture is: the mean distance of a pixel's largest colour from its smallest, in levels of 255. */
    private static double colour(Picture picture) {
        var rgb = picture.rgb();
        return IntStream.range(0, rgb.length / 3).mapToDouble(pixel -> {
            var colours = IntStream.range(0, 3).map(c -> Byte.toUnsignedInt(rgb[3 * pixel + c])).summaryStatistics();
            return colours.getMax() - colours.getMin();
        }).average().orElseThrow();
    }

    /** A bundle with another CLIP that is the same one: an ensemble of both is the one with the sum of their weights. */
    @Test
    void lossesOfSeveralClipsAreAddedByTheirWeights() throws IOException {
        var card = (ObjectNode) Json.mapper().readTree(BUNDLE.resolve(BundleCard.FILE).toFile());
        card.putObject("clips").set("twin", card.path("clip"));
        try (var files = Files.list(BUNDLE)) {
            for (var file : files.filter(Files::isRegularFile).filter(file -> !file.endsWith(BundleCard.FILE))
                    .toList()) {
                Files.createSymbolicLink(folder.resolve(file.getFileName()), file.toAbsolutePath());
            }
        }
        Files.write(folder.resolve(BundleCard.FILE), Json.bytes(card));
        var alone = firstLosses(networks, Map.of("clip", 1));
        try (var several = BundleNetworks.open(folder, TestEngine.get())) {
            assertThat(firstLosses(several, Map.of("clip", 0.5, "twin", 1.5)).total()).isCloseTo(2 * alone.total(),
                    withinPercentage(0.01));
            assertThat(firstLosses(several, Map.of("twin", 1)).total()).isCloseTo(alone.total(), withinPercentage(
                    0.01));
        }
    }

    private static NadaRow firstLosses(BundleNetworks networks, Map<String, Object> clips) {
        var fields = Map.<String, Object>of("clips", clips, "iterations", 1, "noise", "const", "lambda_global", 0.5);
        try (var job = new NadaFinetune(request(fields), networks, new FakeInputs())) {
            job.step();
            return job.losses().getFirst();
        }
    }

    @Test
    void frozenLayersKeepTheirBytes() {
        var products = Map.of(
                "shape", Map.<String, Object>of("phase", "shape", "freeze", "paper"),
                "selected", Map.<String, Object>of("selection", Map.of("layers", 1, "every", 0, "mapping", "corrected",
                        "batch", 2)));
        products.forEach((name, fields) -> {
            try (var job = finetune(fields)) {
                var delta = run(job).get(GeneratorDelta.FILE);
                var changed = changed(delta);
                assertThat(changed).as(name).isNotEmpty();
                if (name.equals("shape")) {
                    assertThat(changed).allMatch(weight -> weight.matches("synthesis\\.b[48]\\..*")).noneMatch(
                            weight -> weight.contains("affine") || weight.contains("torgb"));
                } else {
                    assertThat(changed).allMatch(weight -> weight.startsWith(changed.getFirst().replaceAll(
                            "(conv\\d).*", "$1")));
                }
                try (var tuned = networks.tuned(GeneratorDelta.read("delta", delta))) {
                    tuned.generator().parameters().forEach((weight, array) -> {
                        if (!changed.contains(weight)) {
                            assertThat(array.toByteArray()).as(weight).isEqualTo(networks.generator().parameters().get(
                                    weight).toByteArray());
                        }
                    });
                }
            }
        });
    }

    private static List<String> changed(byte[] delta) {
        try (var file = SafetensorsFile.of("delta", delta); var manager = TestEngine.get().newManager()) {
            return file.names().stream().filter(name -> file.read(name, manager).abs().max().getFloat() > 0).sorted()
                    .toList();
        }
    }

    @Test
    void multipliersAreKilobytesAndDrawWhatWasTrained() {
        try (var job = finetune(Map.of("form", "multipliers", "iterations", 10, "preview_every", 10))) {
            while (!job.isDone()) {
                job.step();
            }
            var trained = job.preview().orElseThrow();
            var products = job.finish().stream().collect(Collectors.toMap(Product::name, Product::bytes));

            assertThat(products.get(GeneratorDelta.FILE)).hasSizeLessThan(20_000);
            assertThat(products.get("after.png")).isNotEqualTo(products.get("before.png"));
            assertThat(difference(Picture.read(products.get("after.png")), Picture.read(trained.bytes())))
                    .as("the trained styles and the stored kernels, in levels of 255").isLessThanOrEqualTo(1);
        }
    }

    private static int difference(Picture a, Picture b) {
        var first = a.rgb();
        var second = b.rgb();
        return IntStream.range(0, first.length).map(i -> Math.abs(Byte.toUnsignedInt(first[i]) - Byte.toUnsignedInt(
                second[i]))).max().orElseThrow();
    }

    @Test
    void picturesGiveTheDirectionWhereThereIsNoText() throws IOException {
        var image = Files.readAllBytes(BUNDLE.resolve("expected/seed7.png"));
        var fields = new HashMap<String, Object>(Map.of("target_images", List.of(Map.of("blob", Digest.of(image)
                .toString()))));
        fields.put("target", null);
        try (var job = new NadaFinetune(request(fields), networks, new FakeInputs().with(image))) {
            assertThat(run(job)).containsKeys(GeneratorDelta.FILE, "after.png");
        }
    }

    @Test
    void theWholeGeneratorIsExportedInBothForms() {
        try (var job = finetune(Map.of("iterations", 1, "export", List.of("safetensors", "rosinality"), "noise",
                "const"))) {
            var products = run(job);
            assertThat(products).containsKeys("generator.safetensors", "generator.pt");
            try (var whole = SafetensorsFile.of("generator", products.get("generator.safetensors"))) {
                assertThat(whole.names()).isEqualTo(networks.generator().parameters().keySet());
            }
        }
    }
}
