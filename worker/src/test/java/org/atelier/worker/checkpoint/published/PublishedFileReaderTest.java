package org.atelier.worker.checkpoint.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.PickleWriter;
import org.atelier.worker.checkpoint.torch.TorchFiles;
import org.atelier.worker.checkpoint.value.NonFinite;
import org.atelier.worker.checkpoint.value.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedFileReaderTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    @TempDir
    Path folder;

    private final PublishedFileReader reader = new PublishedFileReader();

    private PublishedFile read(byte[] bytes) {
        return reader.read(ByteRegion.of(bytes));
    }

    private RefusedFileException refusal(byte[] bytes) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> read(bytes));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] torchZip(byte[] pickle, float... numbers) {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/data/0", TorchFiles.floats(LITTLE, numbers));
        return TorchFiles.zip(entries);
    }

    /** An object as {@code torch_utils.persistence} pickles it; {@code state} puts the inside of its dictionary. */
    private static void persistent(PickleWriter writer, String className, Runnable state) {
        writer.global("torch_utils.persistence", "_reconstruct_persistent_obj").ops("}(").text("type").text("class")
                .text("version").integer(6).text("module_src").text("source of " + className).text("class_name")
                .text(className).text("state").ops("}(");
        state.run();
        writer.ops("uu").raw(0x85).ops("R");
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                Arguments.of(Reason.EMPTY, "", "empty"),
                Arguments.of(Reason.WEB_PAGE, "<!DOCTYPE html><html><title>Google Drive - Virus scan warning",
                        "web page"),
                Arguments.of(Reason.WEB_PAGE, "\u00ef\u00bb\u00bf\n  <HTML>\n", "web page"),
                Arguments.of(Reason.WEB_PAGE, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", "XML"),
                Arguments.of(Reason.GIT_LFS_POINTER, """
                        version https://git-lfs.github.com/spec/v1
                        oid sha256:40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af
                        size 353976522
                        """, "353976522 bytes"),
                Arguments.of(Reason.OTHER_FORMAT, "{\"error\": \"not found\"}", "JSON"),
                Arguments.of(Reason.OTHER_FORMAT, "\u0089HDF\r\n\u001a\n", "HDF5"),
                Arguments.of(Reason.OTHER_FORMAT, "\u001f\u008b\b\0", "gzip"),
                Arguments.of(Reason.OTHER_FORMAT, "\u0089PNG\r\n", "PNG"),
                Arguments.of(Reason.OTHER_FORMAT, "x".repeat(257) + "ustar", "tar archive"),
                Arguments.of(Reason.OTHER_FORMAT, "PK\5\6" + "\0".repeat(18), "empty zip"),
                Arguments.of(Reason.OTHER_FORMAT, "hello", "68 65 6c 6c 6f"),
                Arguments.of(Reason.TRUNCATED, "PK\3\4", "incomplete"),
                Arguments.of(Reason.TRUNCATED, "\u0080\2}q\0X\5\0\0\0g_e", "incomplete"),
                Arguments.of(Reason.TRUNCATED, "\u0093NUMPY\1\0v\0", "incomplete"),
                Arguments.of(Reason.TENSORFLOW_PICKLE,
                        "\u0080\4\u008c\u0014dnnlib.tflib.network\u008c\7Network\u0093.", "legacy.py"),
                Arguments.of(Reason.FORBIDDEN_GLOBAL, "cos\nsystem\n(S'touch x'\ntR.", "os.system"),
                Arguments.of(Reason.FORBIDDEN_OPCODE, "(lp0\nI1\na.", "byte 1"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("wrongFiles")
    void saysWhatAFileIsInstead(Reason reason, String content, String message) throws Exception {
        var path = Files.write(folder.resolve("ffhq.pt"), ascii(content));

        var refused = catchThrowableOfType(RefusedFileException.class, () -> reader.read(path));

        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused).hasMessageStartingWith("ffhq.pt: ").hasMessageContaining(message);
    }

    @Test
    void otherArchivesAreNamedByTheirEntries() {
        assertThat(refusal(TorchFiles.zip(Map.of("model/weights.bin", new byte[3]))))
                .hasMessageContaining("Unpack it").hasMessageContaining("model/weights.bin");
    }

    /** The length of the header comes first, and its bytes can be the start of anything. */
    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x7b, 0x28, 0x63, 0x3c, 0x20})
    void safetensorsAreToldFromPicklesAndTexts(int length) {
        var header = "{\"w\": {\"dtype\": \"U8\", \"shape\": [1], \"data_offsets\": [0, 1]}}";
        var writer = new PickleWriter().int64(0x100 + length).ops(header).ops(" ".repeat(0x100 + length - header
                .length()));

        var file = read(writer.raw(7).bytes());

        assertThat(file.container()).isInstanceOf(Container.Safetensors.class);
        assertThat(file.tensors().find("w").orElseThrow().toFloats()).containsExactly(7);
    }

    @Test
    void aFileThatIsNotThereIsNoRefusal() {
        assertThatIOException().isThrownBy(() -> reader.read(folder.resolve("nothing.pt")));
    }

    @Test
    void everyPrefixOfAFileIsRefused() {
        var whole = TorchFiles.legacy(TorchFiles.tensorPickle("w", 2, true, 2),
                Map.of("0", TorchFiles.floats(LITTLE, 1, 2)), LITTLE);
        for (int length = 15; length < whole.length; length++) {
            assertThat(refusal(Arrays.copyOf(whole, length)).reason()).isEqualTo(Reason.TRUNCATED);
        }
    }

    @Test
    void styleganXlIsToldByItsClass() {
        var writer = PickleWriter.start();
        persistent(writer, "SuperresGenerator", () -> {});

        assertThat(refusal(writer.stop()).reason()).isEqualTo(Reason.STYLEGAN_XL);
    }

    @Test
    void filesWithoutTensorsAreRefused() {
        assertThat(refusal(PickleWriter.start().ops("}").text("epoch").integer(3).ops("s").stop()).reason())
                .isEqualTo(Reason.NO_TENSORS);
    }

    @Test
    void modulesAreFlattenedAsTheirStateDict() {
        var storage = TorchFiles.legacy(PickleWriter.start().storage("FloatStorage", "7", 2, true).stop(),
                Map.of("7", TorchFiles.floats(LITTLE, 5, 6)), LITTLE);
        var writer = PickleWriter.start();
        Runnable tensor = () -> writer.tensor(() -> writer.global("torch.storage", "_load_from_bytes").binary(storage)
                .raw(0x85).ops("R"), 1, new long[]{1}, 1);
        writer.ops("}").text("G_ema");
        persistent(writer, "Generator", () -> {
            writer.text("_parameters").ops("}").text("bias").ops("Ns").text("_buffers").ops("}").text("w_avg");
            tensor.run();
            writer.ops("s").text("_modules").ops("}").text("fc0");
            persistent(writer, "Layer", () -> {
                writer.text("_parameters").ops("}").text("weight");
                tensor.run();
                writer.ops("s").text("lr");
                tensor.run();
            });
            writer.ops("s").text("_init_kwargs").ops("}").text("w_dim").integer(512).ops("s");
        });

        var file = read(writer.ops("s").stop());

        assertThat(file.container()).isEqualTo(new Container.NvlabsPickle(2));
        assertThat(file.tensors().names()).containsExactly("G_ema.w_avg", "G_ema.fc0.weight");
        assertThat(file.tensors().find("G_ema.fc0.weight").orElseThrow().toFloats()).containsExactly(6);
        assertThat(file.persistentClasses()).containsExactly(
                new PublishedFile.PersistentClass("Generator", Digest.of(ascii("source of Generator"))),
                new PublishedFile.PersistentClass("Layer", Digest.of(ascii("source of Layer"))));
        var generator = (Value.Instance) ((Value.Mapping) file.root()).get("G_ema").orElseThrow();
        assertThat(((Value.Mapping) generator.attribute("_init_kwargs").orElseThrow()).get("w_dim"))
                .contains(new Value.Int(512));
    }

    @Test
    void scriptModulesAreFlattenedByAttributesAndConstantsStayApart() {
        var writer = PickleWriter.start().global("__torch__", "Net").ops(")").raw(0x81).ops("}(").text("training")
                .raw(0x89).text("fc").global("__torch__.torch.nn.___torch_mangle_1", "Linear").ops(")").raw(0x81)
                .ops("}").text("weight");
        writer.tensor(() -> writer.storage("FloatStorage", "0", 2, false), 0, new long[]{2}, 1).ops("sbub");
        var constants = PickleWriter.start();
        constants.tensor(() -> constants.storage("FloatStorage", "0", 1, false), 0, new long[]{}).raw(0x85);
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("net/data.pkl", writer.stop());
        entries.put("net/data/0", TorchFiles.floats(LITTLE, 1, 2));
        entries.put("net/constants.pkl", constants.stop());
        entries.put("net/constants/0", TorchFiles.floats(LITTLE, 9));

        var file = read(TorchFiles.zip(entries));

        assertThat(file.tensors().names()).containsExactly("fc.weight");
        var script = (Container.TorchScript) file.container();
        assertThat(script.rootClass()).isEqualTo("__torch__.Net");
        assertThat(script.constants().find("0").orElseThrow().toFloats()).containsExactly(9);
    }

    @Test
    void wholeModulesAreReadWhereTheirClassesAreNamed() {
        var writer = PickleWriter.start().global("mapper", "Mapper").ops(")").raw(0x81).ops("}").text("_modules").ops(
                "}")
                .text("net").global("torch.nn.modules.linear", "Linear").ops(")").raw(0x81).ops("}")
                .text("_parameters").ops("}").text("weight");
        writer.tensor(() -> writer.storage("FloatStorage", "0", 2, false), 0, new long[]{2}, 1).ops("ssbssb");
        var file = torchZip(writer.stop(), 1, 2);

        assertThat(refusal(file)).hasMessageContaining("mapper.Mapper").hasMessageContaining("state_dict");
        var allowing = new PublishedFileReader(ReadLimits.DEFAULT, Set.of("mapper.Mapper",
                "torch.nn.modules.linear.Linear"));
        assertThat(allowing.read(ByteRegion.of(file)).tensors().names()).containsExactly("net.weight");
    }

    @Test
    void twoTensorsOfOneNameAreRefused() {
        var writer = PickleWriter.start().ops("}(").text("a.b");
        Runnable tensor = () -> writer.tensor(() -> writer.storage("FloatStorage", "0", 1, false), 0, new long[]{1}, 1);
        tensor.run();
        writer.text("a").ops("}").text("b");
        tensor.run();

        assertThat(refusal(torchZip(writer.ops("su").stop(), 1))).hasMessageContaining("named a.b");
    }

    /** Each list holds the one before it twice: a few hundred bytes, and 2^40 ways to one tensor. */
    @Test
    void manyNamesForOneTensorAreRefused() {
        var writer = PickleWriter.start();
        writer.tensor(() -> writer.storage("FloatStorage", "0", 1, false), 0, new long[]{1}, 1).put(0);
        for (int i = 1; i <= 40; i++) {
            writer.ops("](").get(i - 1).get(i - 1).ops("e").put(i);
        }

        assertThat(refusal(torchZip(writer.stop(), 1)).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    /** One long key, on every step of the ways to many tensors. */
    @Test
    void longNamesForManyTensorsAreRefused() {
        var writer = PickleWriter.start().text("k".repeat(1 << 20)).put(0);
        writer.tensor(() -> writer.storage("FloatStorage", "0", 1, false), 0, new long[]{1}, 1).put(1);
        writer.ops("]");
        for (int i = 0; i < 40; i++) {
            writer.ops("}").get(0).get(1).ops("sa");
        }

        assertThat(refusal(torchZip(writer.stop(), 1)).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    @Test
    void reportsWhatIsNotFiniteByName() {
        var file = read(torchZip(TorchFiles.tensorPickle("w", 3, false, 3), Float.NaN, 1, Float.POSITIVE_INFINITY));

        assertThat(file.tensors().nonFinite()).isEqualTo(Map.of("w", new NonFinite(1, 1)));
        assertThat(catchThrowableOfType(RefusedFileException.class, file.tensors()::requireFinite))
                .hasMessageContaining("w (1 NaN, 1 infinite)");
    }

    @Test
    void arraysOfArchivesStayCompressedUntilRead() throws Exception {
        var npy = ascii("\u0093NUMPY\1\0" + (char) 63
                + "\0{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }     \n");
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("w.npy"));
            zip.write(npy);
            zip.write(TorchFiles.floats(LITTLE, 3, 4));
        }

        var file = read(out.toByteArray());

        assertThat(file.container()).isEqualTo(new Container.Npz(true));
        assertThat(file.tensors().find("w").orElseThrow().toFloats()).containsExactly(3, 4);
    }
}
