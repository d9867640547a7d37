package org.atelier.worker.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.TorchZipWriter;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.face.MtcnnWeights;
import org.atelier.worker.goldens.SmallBundle;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every checkpoint of a goldens folder becomes a bundle with the same numbers. */
class BundleImportTest {
    private static final Path CHECKPOINTS = Path.of(System.getProperty("atelier.goldens", "src/test/goldens"))
            .resolve("checkpoints");
    private static final String EXPECTED = ".expected.json";

    /** Tensors that only training or another implementation needs. */
    private static final String DROPPED = ".*\\.(num_batches_tracked|resample_filter|kernel|position_ids)"
            + "|input_resolution|context_length|vocab_size";

    @TempDir
    private Path folder;

    /** Counts what is announced and what is written. */
    private static final class Meter implements BundleImport.Progress {
        private long total;
        private long written;

        @Override
        public void start(long bytes) {
            total += bytes;
        }

        @Override
        public void advance(long bytes) {
            written += bytes;
        }
    }

    private BundleImport.Result run(String name, boolean check, Path... files) throws IOException {
        return run(new Meter(), name, check, files);
    }

    private BundleImport.Result run(Meter meter, String name, boolean check, Path... files) throws IOException {
        return new BundleImport(TestEngine::get).run(new BundleImport.Order(name, "1", "A title", "a licence",
                List.of(files), Map.of(), folder.resolve(name), check), meter);
    }

    private BundleImport.Result runWithClips(Map<String, Path> clips, Path... files) throws IOException {
        return new BundleImport(TestEngine::get).run(new BundleImport.Order("several", "1", "", "", List.of(files),
                clips, folder.resolve("several"), true), new Meter());
    }

    static TensorTable tensors(Path file) throws IOException {
        return new PublishedFileReader().read(file).tensors();
    }

    static String sha256(StoredTensor tensor) {
        var values = tensor.toFloats();
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Digest.of(bytes.array()).hex();
    }

    private static List<Path> checkpoints() throws IOException {
        try (var files = Files.list(CHECKPOINTS)) {
            return files.filter(file -> !file.toString().endsWith(EXPECTED)).sorted().toList();
        }
    }

    private static JsonNode expected(Path file) throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(file.resolveSibling(file.getFileName() + EXPECTED)));
    }

    /** A file of a kind that the descriptions name so. */
    static Path checkpoint(String container, String kind) throws IOException {
        for (var file : checkpoints()) {
            var expected = expected(file);
            if (expected.path("container").asText().startsWith(container) && expected.path("kind").asText().startsWith(
                    kind)) {
                return file;
            }
        }
        throw new IllegalStateException("the goldens have no " + kind + " in " + container);
    }

    @TestFactory
    Stream<DynamicTest> networksKeepTheirNumbers() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var tests = new ArrayList<DynamicTest>();
        for (var file : checkpoints()) {
            var kind = expected(file).path("kind").asText();
            var part = part(kind);
            if (!part.isEmpty()) {
                tests.add(dynamicTest(file.getFileName() + " (" + kind + ")", () -> {
                    var name = "bundle-" + file.getFileName();
                    var files = List.of("generator", "mapper", "encoder").contains(part)
                            ? new Path[]{file}
                            : new Path[]{generator, file};
                    var meter = new Meter();
                    run(meter, name, false, files);
                    assertThat(meter.written).isGreaterThanOrEqualTo(meter.total).isPositive();
                    check(part, file, tensors(folder.resolve(name).resolve(part + ".safetensors")));
                }));
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    private static String part(String kind) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("rosinality", "generator");
        parts.put("StyleGAN", "generator");
        parts.put("CLIP", "clip");
        parts.put("IR-SE", "identity");
        parts.put("e4e", "encoder");
        parts.put("StyleCLIP mapper", "mapper");
        return parts.entrySet()
                .stream()
                .filter(entry -> kind.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** The descriptions have digests of float32 values, whatever a tensor is stored as; shapes may gain axes of one. */
    private static void check(String part, Path file, TensorTable imported) throws IOException {
        var description = expected(file);
        var wanted = new TreeMap<String, String>();
        var after = description.path("openai_names_after_conversion");
        for (var tensor : after.isArray() ? after : description.path("tensors")) {
            wanted.put(tensor.path("name").asText(), tensor.path("sha256_f32le").asText());
        }
        var actual = new TreeMap<String, String>();
        imported.tensors().forEach((name, tensor) -> actual.put(name, sha256(tensor)));

        if (description.path("kind").asText().matches("(rosinality|StyleGAN-NADA).*")) {
            // Names change: RosinalityExportTest holds both ways against each other.
            wanted.keySet().removeIf(name -> !name.startsWith("g_ema.") || name.matches(DROPPED));
            actual.remove("mapping.w_avg");
            assertThat(actual.values().stream().sorted()).containsExactlyElementsOf(wanted.values().stream().sorted()
                    .toList());
            return;
        }
        var stripped = new TreeMap<String, String>();
        wanted.forEach((name, sha) -> stripped.put(name.replaceFirst("^(G_ema|state_dict|module)\\.", ""), sha));
        stripped.keySet().removeIf(name -> name.matches(DROPPED) || name.startsWith("decoder."));
        assertThat(actual).containsExactlyInAnyOrderEntriesOf(stripped);
        assertThat(actual).as(part).isNotEmpty();
    }

    @Test
    void oneFolderHasTheCardTheWeightsTheOriginAndAPictureOfSeeds() throws IOException {
        var generator = checkpoint("NVlabs pickle protocol 3", "StyleGAN2");
        var clip = checkpoint("TorchScript", "CLIP");

        var result = run("mine", true, clip, generator);

        var home = folder.resolve("mine");
        var card = Json.read(Files.readAllBytes(home.resolve(BundleCard.FILE)), BundleCard.class);
        assertThat(card.reference()).isEqualTo("mine@1");
        assertThat(card.generator().architecture()).isEqualTo("stylegan2");
        assertThat(card.generator().sha256()).isEqualTo(Digest.of(home.resolve("generator.safetensors")).hex());
        assertThat(card.latentRows()).isEqualTo(expected(generator).path("hyper_parameters").path("num_ws").asInt());
        assertThat(card.generator().config().path("conv_clamp").asDouble()).isEqualTo(256);
        assertThat(card.generator().config().path("resample_filter").toString()).isEqualTo("[1.0,3.0,3.0,1.0]");
        assertThat(card.generator().config().path("origin").path(0).path("sha256").asText())
                .isEqualTo(expected(generator).path("sha256").asText());
        var picture = Picture.read(Files.readAllBytes(home.resolve(BundleImport.PICTURE)));
        assertThat(picture.width()).isEqualTo(3 * card.generator().intConfig("img_resolution"));
        assertThat(result.findings()).extracting(SelfCheck.Finding::part).containsExactly("generator", "clip");
        assertThat(result.findings()).allMatch(SelfCheck.Finding::checked);
    }

    /** Hyper-parameters of a CLIP stand nowhere: they are inferred as the description has them. */
    @Test
    void furtherClipsHaveNames() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var own = checkpoint("TorchScript", "CLIP");
        var further = checkpoint("torch zip", "CLIP");

        var result = runWithClips(Map.of("vit-b16", further), generator, own);

        assertThat(result.findings()).extracting(SelfCheck.Finding::part).containsExactly("generator", "clip",
                "clip-vit-b16");
        assertThat(result.card().clipNames()).containsExactly("clip", "vit-b16");
        assertThat(result.card().files()).containsKey("clip-vit-b16.safetensors");
        check("clip", further, tensors(folder.resolve("several/clip-vit-b16.safetensors")));
        try (var networks = BundleNetworks.open(folder.resolve("several"), TestEngine.get())) {
            assertThat(networks.clip("vit-b16")).isPresent();
            assertThat(networks.clip("rn50")).isEmpty();
        }
    }

    @Test
    void aFurtherClipMustBeOneAndHaveOneBesideIt() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var clip = checkpoint("torch zip", "CLIP");

        assertThatThrownBy(() -> runWithClips(Map.of("mine", generator), generator, clip)).isInstanceOf(
                ImportException.class).hasMessageContaining("given as the CLIP \"mine\"");
        assertThatThrownBy(() -> runWithClips(Map.of("mine", clip), generator)).isInstanceOf(ImportException.class)
                .hasMessageContaining("none that all methods use");
    }

    /** Networks of MTCNN as facenet-pytorch publishes them; all in one file with their names before the names. */
    private Path mtcnn(MtcnnWeights weights, String file, String... parts) throws IOException {
        var tensors = new LinkedHashMap<String, TensorContent>();
        for (var name : weights.names()) {
            for (var part : parts) {
                if (name.startsWith(part + ".")) {
                    tensors.put(parts.length == 1 ? name.substring(part.length() + 1) : name, TensorContent.of(weights
                            .values(name), weights.shape(name).getShape()));
                }
            }
        }
        try (var out = Files.newOutputStream(folder.resolve(file))) {
            TorchZipWriter.write(out, Map.of(), tensors);
        }
        return folder.resolve(file);
    }

    @Test
    void threeFilesOfMtcnnBecomeTheNetworkThatFindsFaces() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var weights = MtcnnWeights.random(9);
        var files = List.of(mtcnn(weights, "a.pt", "onet"), mtcnn(weights, "b.pt", "pnet"), mtcnn(weights, "c.pt",
                "rnet"));

        var result = run("faces", true, files.get(0), generator, files.get(1), files.get(2));

        assertThat(result.findings()).extracting(SelfCheck.Finding::part).containsExactly("generator", "landmarks");
        var card = result.card().landmarks();
        assertThat(card.architecture()).isEqualTo("mtcnn");
        assertThat(card.config().path("origin").valueStream().map(origin -> origin.path("file").asText()))
                .containsExactly("b.pt", "c.pt", "a.pt");
        assertThat(card.config().path("thresholds").toString()).isEqualTo("[0.6,0.7,0.7]");
        var imported = tensors(folder.resolve("faces/landmarks.safetensors"));
        assertThat(imported.names()).containsExactlyInAnyOrderElementsOf(weights.names());
        weights.names().forEach(name -> assertThat(imported.find(name).orElseThrow().toFloats()).as(name).isEqualTo(
                weights.values(name)));

        run("joined", false, generator, mtcnn(weights, "mtcnn.pt", "pnet", "rnet", "onet"));
        assertThat(Digest.of(folder.resolve("joined/landmarks.safetensors"))).isEqualTo(Digest.of(folder.resolve(
                "faces/landmarks.safetensors")));
    }

    @Test
    void mtcnnIsImportedAsAWholeOnly() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var first = mtcnn(MtcnnWeights.random(9), "pnet.pt", "pnet");

        assertThatThrownBy(() -> run("part", false, generator, first)).isInstanceOf(ImportException.class)
                .hasMessageContaining("pnet.pt, rnet.pt and onet.pt");
        assertThatThrownBy(() -> run("twice", false, generator, first, first)).isInstanceOf(ImportException.class)
                .hasMessageContaining("the first network of MTCNN");
    }

    @Test
    void sizesOfEveryClipAreInferred() throws IOException {
        for (var file : checkpoints()) {
            var wanted = expected(file).path("hyper_parameters");
            if (expected(file).path("kind").asText().startsWith("CLIP")) {
                var networks = Recogniser.networks("clip", new PublishedFileReader().read(file));
                var config = Conversion.of(networks.getFirst()).config();
                for (var field : wanted.properties()) {
                    if (!field.getValue().isNull()) {
                        assertThat(config.get(field.getKey())).as(file + " " + field.getKey()).isEqualTo(field
                                .getValue());
                    }
                }
            }
        }
    }

    @Test
    void aMissingMeanLatentIsMeasured() throws IOException {
        var result = run("nada", true, checkpoint("torch zip", "StyleGAN-NADA"));

        assertThat(result.notes()).singleElement().asString().contains("mean latent");
        var mean = tensors(folder.resolve("nada/generator.safetensors")).find("mapping.w_avg").orElseThrow().toFloats();
        assertThat(mean).isNotEqualTo(new float[mean.length]);
        assertThat(folder.resolve("nada/draft")).doesNotExist();
    }

    @Test
    void anEncoderBringsItsGeneratorUnlessAnotherFileDoes() throws IOException {
        var encoder = checkpoint("torch zip", "e4e");

        var alone = run("alone", false, encoder);
        var beside = run("beside", false, encoder, checkpoint("NVlabs pickle", "StyleGAN2"));

        assertThat(alone.networks()).extracting(ConvertedNetwork::part).containsExactly("encoder", "generator");
        assertThat(alone.card().encoder().architecture()).isEqualTo("e4e");
        assertThat(beside.notes()).singleElement().asString().contains("left out");
        assertThat(beside.card().generator().config().path("origin").path(0).path("container").asText()).isEqualTo(
                "NvlabsPickle");
    }

    /** That an encoder also sees its last picture (ReStyle) is no architecture of its own. */
    @ParameterizedTest
    @CsvSource({"psp_32, psp, 3", "restyle_irse_32, psp, 6", "restyle_res34_32, psp, 6", "w_encoder_32, psp-w, 3"})
    void anEncoderOpensAsWhatItIs(String weights, String architecture, int channels) throws IOException {
        var encoder = folder.resolve(weights + ".safetensors");
        SmallBundle.write(weights + ".json", encoder);

        var result = run(weights, false, encoder, checkpoint("NVlabs pickle", "StyleGAN2"));

        assertThat(result.card().encoder().architecture()).isEqualTo(architecture);
        assertThat(result.notes()).as("these files have no options").hasSize(architecture.equals("psp") ? 1 : 0);
        try (var networks = BundleNetworks.open(folder.resolve(weights), TestEngine.get())) {
            assertThat(networks.encoder().orElseThrow().channels()).isEqualTo(channels);
        }
    }

    /** LPIPS is published in two files, of which each is useless without the other. */
    @Test
    void lpipsIsMadeOfItsTwoFiles() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var layers = List.of(0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28);
        var features = new TreeMap<String, TensorContent>();
        int inputs = 3;
        for (int layer : layers) {
            features.put("features." + layer + ".weight", TensorContent.of(ramp(4 * inputs * 9), 4, inputs, 3, 3));
            features.put("features." + layer + ".bias", TensorContent.of(ramp(4), 4));
            inputs = 4;
        }
        features.put("classifier.0.weight", TensorContent.of(ramp(4), 2, 2));
        var heads = new TreeMap<String, TensorContent>();
        for (int tap = 0; tap < 5; tap++) {
            heads.put("lin" + tap + ".model.1.weight", TensorContent.of(ramp(4), 1, 4, 1, 1));
        }
        var backbone = torchFile("vgg16.pth", features);
        var linear = torchFile("lin.pth", heads);

        var result = run("perceived", true, linear, generator, backbone);

        assertThat(result.card().perceptual().architecture()).isEqualTo("vgg16-lpips");
        assertThat(result.card().perceptual().config().path("channels").toString()).isEqualTo("[4,4,4,4,4]");
        assertThat(result.card().perceptual().config().path("origin")).hasSize(2);
        assertThat(result.findings()).anyMatch(finding -> finding.part().equals("perceptual") && finding.checked());
        assertThatThrownBy(() -> run("half", true, generator, linear)).isInstanceOf(ImportException.class)
                .hasMessageContaining("two files");
    }

    private Path torchFile(String name, Map<String, TensorContent> tensors) throws IOException {
        var file = folder.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            TorchZipWriter.write(out, Map.of(), tensors);
        }
        return file;
    }

    private static float[] ramp(int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i % 7 - 2) * 0.1f;
        }
        return values;
    }

    /** Weights that no network takes are told one by one, and leave nothing behind unless they are wanted unchecked. */
    @Test
    void weightsThatNoNetworkTakesAreListed() throws IOException {
        var generator = checkpoint("NVlabs pickle", "StyleGAN2");
        var clip = tensors(checkpoint("torch zip", "CLIP")).tensors();
        var cut = new TreeMap<String, TensorContent>();
        clip.forEach((name, tensor) -> cut.put(name.replace("ln_final.bias", "ln_final.beta"), TensorContent.asFloats(
                tensor)));
        var file = torchFile("clip.pt", cut);

        assertThatThrownBy(() -> run("a", true, generator, file)).isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("missing: ln_final.bias");
        assertThat(folder.resolve("a")).doesNotExist();
        assertThat(run("a", false, generator, file).networks().getFirst().unexpected()).containsExactly(
                "ln_final.beta");
    }

    @Test
    void filesThatAreNoBundleLeaveNothingBehindAndSayWhatToDo() throws IOException {
        var page = Files.writeString(folder.resolve("ffhq.pkl"), "<!DOCTYPE html><html>Google Drive - Virus scan");
        var whole = checkpoint("torch zip", "rosinality");
        var bytes = Files.readAllBytes(whole);
        var cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(bytes, bytes.length / 2));

        assertThatThrownBy(() -> run("a", true, page)).isInstanceOfSatisfying(RefusedFileException.class,
                refused -> assertThat(refused.reason()).isEqualTo(Reason.WEB_PAGE))
                .hasMessageContaining("ffhq.pkl").hasMessageContaining("browser");
        assertThatThrownBy(() -> run("a", true, cut)).isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("cut.pt");
        assertThatThrownBy(() -> run("a", true, checkpoint("torch zip", "bare tensor")))
                .isInstanceOf(ImportException.class).hasMessageContaining("arrays of numbers");
        assertThatThrownBy(() -> run("a", true, checkpoint("TorchScript", "CLIP")))
                .isInstanceOf(ImportException.class).hasMessageContaining("generator");
        assertThatThrownBy(() -> run("a", true, whole, whole)).isInstanceOf(ImportException.class)
                .hasMessageContaining("Two of the files");
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()).collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            "ffhq.pkl", "cut.pt");
        }
    }
}
