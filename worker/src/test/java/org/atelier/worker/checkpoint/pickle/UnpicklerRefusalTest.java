package org.atelier.worker.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.value.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, by what name, and where. */
class UnpicklerRefusalTest {
    /** Small enough that a test need not write much to meet them. */
    private static final ReadLimits SMALL = new ReadLimits(10, 500, 50, 10, 100, 1, 100, 100, 10, 1000, 10);

    static Stream<Arguments> otherInstructions() {
        return IntStream.range(0, 256).mapToObj(code -> {
            var opcode = Opcode.of(code);
            return opcode != null && opcode.allowed() ? null : Arguments.of(code, opcode == null ? "unknown" : opcode);
        }).filter(arguments -> arguments != null);
    }

    @ParameterizedTest
    @MethodSource("otherInstructions")
    void otherInstructionsByNameAndByte(int code, Object name) {
        var refused = Pickles.refusal(PickleWriter.start().ops("}").raw(code).stop());

        assertThat(refused.reason()).isEqualTo(Reason.FORBIDDEN_OPCODE);
        assertThat(refused).hasMessageContaining("at byte 3")
                .hasMessageContaining(String.format("0x%02x (%s)", code, name));
    }

    @ParameterizedTest
    @CsvSource({"posix, system", "os, system", "subprocess, Popen", "builtins, eval", "builtins, getattr",
            "__builtin__, exec", "torch.serialization, load", "torch.jit._pickle, restore_type_tag",
            "__torch__.model, Net", "collections, OrderedDict.fromkeys", "numpy, load", "functools, partial"})
    void otherNamesByNameAndByte(String module, String name) {
        var byGlobal = Pickles.refusal(PickleWriter.start().ops("]").global(module, name).ops(")R").stop());
        var before = PickleWriter.start().text(module).text(name);
        int at = before.size();
        var byStack = Pickles.refusal(before.raw(0x93).stop());

        assertThat(byGlobal.reason()).isEqualTo(Reason.FORBIDDEN_GLOBAL);
        assertThat(byGlobal).hasMessageContaining(module + "." + name).hasMessageContaining("byte 3");
        assertThat(byStack.reason()).isEqualTo(Reason.FORBIDDEN_GLOBAL);
        assertThat(byStack).hasMessageContaining(module + "." + name).hasMessageContaining("byte " + at);
    }

    @Test
    void namesCannotForgeMessages() {
        assertThat(Pickles.refusal(PickleWriter.start().global("o\u001b[31ms", "x").stop()))
                .hasMessageContaining("o?[31ms.x");
    }

    @Test
    void networksOfTensorFlow() {
        assertThat(Pickles.refusal(PickleWriter.start().global("dnnlib.tflib.network", "Network").stop()).reason())
                .isEqualTo(Reason.TENSORFLOW_PICKLE);
    }

    @Test
    void styleganXl() {
        var pickle = PickleWriter.start().global("torch_utils.persistence", "_reconstruct_persistent_obj")
                .global("torch.nn.modules.sparse", "Embedding").stop();

        assertThat(Pickles.refusal(pickle).reason()).isEqualTo(Reason.STYLEGAN_XL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "]a", "]K\1s", "}K\1a", "}K\1K\1a", "(t0t", "NN)R", "N)R", "h\7", "}(K\1u", "Nb", "]e",
            "]]b", "NQ", "(tQ", "u", "0", "q\1", "K\1K\1\u0093", "\u0085", "K\1K\1R", "p\n", "gx\n", "\u0080\1",
            "\u0080\6", "X\1\0\0\0\u00ff", "}]K\1s", "}}K\1s", "\u008f(K\1e", "](K\1\u0090"})
    void unsoundPickles(String ops) {
        assertThat(Pickles.refusal(PickleWriter.start().ops(ops).stop()).reason())
                .isIn(Reason.MALFORMED, Reason.UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "M\1", "X\5\0\0\0ab", "X\u00ff\u00ff\u00ff\u00ff", "B\5\0\0\0ab", "C\5ab",
            "T\u00ff\u00ff\u00ff\u00ff", "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
            "\u008d\1\0\0\0\0\0\0\0",
            "cos\nsys", "\u0095\u00ff\0\0\0\0\0\0\0", "\u0095\0\0\0\0\0\0\0\u0080", "}", "\u008a\4ab"})
    void picklesThatBreakOff(String ops) {
        assertThat(Pickles.refusal(PickleWriter.start().ops(ops).bytes()).reason()).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void keysThatComeTwice() {
        var pickle = PickleWriter.start().ops("}(").text("w").integer(1).text("w").integer(2).ops("u").stop();

        assertThat(Pickles.refusal(pickle)).hasMessageContaining("test.pkl, byte").hasMessageContaining("twice");
    }

    @Test
    void containersInThemselves() {
        assertThat(Pickles.refusal(PickleWriter.start().ops("]q\0h\0a").stop())).hasMessageContaining("itself");
        assertThat(Pickles.refusal(PickleWriter.start().ops("]q\0}").text("k").ops("h\0sa").stop()))
                .hasMessageContaining("itself");
    }

    static Stream<Arguments> tooMuch() {
        var nestedOutwards = PickleWriter.start().ops("]".repeat(12) + "a".repeat(11)).stop();
        var inwards = PickleWriter.start().ops("]").put(0);
        // Each list is put into the one before it while it is still empty, so that no container ever looks deep.
        for (int i = 1; i < 12; i++) {
            inwards.ops("]").put(i).ops("0").get(i - 1).get(i).ops("a0");
        }
        var wide = PickleWriter.start().ops("(" + "N".repeat(60) + "t").stop();
        var marks = PickleWriter.start().ops("(".repeat(60)).stop();
        var memo = PickleWriter.start().ops("N" + "\u0094".repeat(11)).stop();
        var text = PickleWriter.start().text("x".repeat(101)).stop();
        var name = PickleWriter.start().global("x".repeat(60), "y".repeat(60)).stop();
        var expanded = PickleWriter.start();
        expanded.tensor(() -> expanded.storage("FloatStorage", "0", 16, false), 0, new long[]{101}, 0);
        return Stream.of(Arguments.of("nested outwards", nestedOutwards),
                Arguments.of("nested inwards", inwards.get(0).stop()), Arguments.of("wide", wide),
                Arguments.of("marks", marks), Arguments.of("memo", memo), Arguments.of("text", text),
                Arguments.of("name", name), Arguments.of("expanded", expanded.stop()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooMuch")
    void whatTakesTooMuch(String what, byte[] pickle) {
        assertThat(Pickles.refusal(pickle, SMALL).reason()).as(what).isEqualTo(Reason.OVER_LIMIT);
    }

    /** Instructions that make something large again and again of what the pickle holds only once. */
    static Stream<Arguments> amplified() {
        var size = PickleWriter.start().global("torch", "Size").put(1);
        var set = PickleWriter.start().global("builtins", "set").put(1);
        var pairs = PickleWriter.start().global("collections", "OrderedDict").put(1);
        var path = PickleWriter.start().global("pathlib", "PosixPath").put(1).text("x".repeat(40)).put(0);
        var space = PickleWriter.start().global("argparse", "Namespace").put(1).ops("}(");
        for (int i = 0; i < 10; i++) {
            space.text(String.valueOf(i)).ops("N");
        }
        space.ops("u").put(0);
        for (var writer : List.of(size, set)) {
            writer.ops("](" + "N".repeat(20) + "e").put(0);
        }
        pairs.ops("](");
        for (int i = 0; i < 10; i++) {
            pairs.text(String.valueOf(i)).ops("N").raw(0x86);
        }
        pairs.ops("e").put(0);
        for (int i = 0; i < 3; i++) {
            for (var writer : List.of(size, set, pairs, path)) {
                writer.get(1).get(0).raw(0x85).ops("R0");
            }
            space.get(1).ops(")R").get(0).ops("b0");
        }
        return Stream.of(Arguments.of("torch.Size", size.stop()), Arguments.of("set", set.stop()),
                Arguments.of("OrderedDict", pairs.stop()), Arguments.of("PosixPath", path.stop()),
                Arguments.of("Namespace", space.stop()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amplified")
    void whatIsMadeAgainAndAgain(String what, byte[] pickle) {
        assertThat(Pickles.refusal(pickle, SMALL).reason()).as(what).isEqualTo(Reason.OVER_LIMIT);
    }

    @Test
    void instructionsThatMakeNothing() {
        var writer = PickleWriter.start();
        for (int i = 0; i < 500; i++) {
            writer.raw(0x80, 2);
        }

        assertThat(Pickles.refusal(writer.ops("N").stop(), SMALL)).hasMessageContaining("instructions");
    }

    /** A hundred thousand keys of one hash code: a map that compared each with all others would take minutes. */
    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keysThatCollideCostNoMoreThanOthers() {
        var writer = PickleWriter.start().ops("}(");
        for (int i = 0; i < 100_000; i++) {
            var key = new StringBuilder();
            for (int bit = 0; bit < 17; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            writer.text(key.toString()).ops("N");
        }

        assertThat(((Value.Mapping) Pickles.read(writer.ops("u").stop())).entries()).hasSize(100_000);
    }

    @Test
    void keysThatAreContainers() {
        assertThat(Pickles.refusal(PickleWriter.start().ops("}]Ns").stop()).reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(Pickles.refusal(PickleWriter.start().ops("}(NNNNNNNNNtNs").stop()).reason())
                .isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void linesWithoutEnd() {
        assertThat(Pickles.refusal(PickleWriter.start().ops("c" + "x".repeat(5_000)).stop()).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    static List<long[][]> badViews() {
        long huge = 1L << 40;
        return List.of(new long[][]{{4, 4}, {4, 1}, {8}}, new long[][]{{17}, {1}, {0}}, new long[][]{{2}, {-1}, {1}},
                new long[][]{{-1}, {1}, {0}}, new long[][]{{4}, {1}, {-1}}, new long[][]{{4, 4}, {1}, {0}},
                new long[][]{{huge, huge}, {1, 1}, {0}}, new long[][]{{2}, {Long.MAX_VALUE}, {0}},
                new long[][]{{huge}, {huge}, {0}}, new long[][]{{1}, {1}, {Long.MAX_VALUE}}, new long[][]{{1}, {1}, {
                        16}},
                new long[][]{new long[65], new long[65], {0}});
    }

    @ParameterizedTest
    @MethodSource("badViews")
    void viewsThatDoNotFitTheirStorage(long[][] view) {
        var writer = PickleWriter.start();
        writer.tensor(() -> writer.storage("FloatStorage", "0", 16, false), view[2][0], view[0], view[1]);

        assertThat(Pickles.refusal(writer.stop())).hasMessageContaining("test.pkl, byte");
    }

    @ParameterizedTest
    @ValueSource(longs = {17, 1L << 60, Long.MAX_VALUE, -1})
    void storagesThatClaimMoreThanThereIs(long elements) {
        assertThat(Pickles.refusal(PickleWriter.start().storage("FloatStorage", "0", elements, false).stop()).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void storagesWithoutAType() {
        assertThat(Pickles.refusal(PickleWriter.start().storage("float32", "0", 1, false).stop()).reason())
                .isEqualTo(Reason.MALFORMED);
    }
}
