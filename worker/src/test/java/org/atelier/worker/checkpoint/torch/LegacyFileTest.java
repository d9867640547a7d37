package org.atelier.worker.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.pickle.PickleWriter;
import org.atelier.worker.checkpoint.value.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyFileTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final byte[] FLOATS = TorchFiles.floats(LITTLE, 1, 2, 3, 4);

    private static Value read(byte[] file) {
        return read(file, Set.of());
    }

    private static Value read(byte[] file, Set<String> recordedClasses) {
        var budget = new ReadBudget(ReadLimits.DEFAULT);
        return LegacyFile.read(ByteRegion.of(file), "old.pt", AllowList.published(recordedClasses), budget).root()
                .freeze(budget);
    }

    private static RefusedFileException refusal(byte[] file) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> read(file));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    private static float[] numbers(Value root) {
        return ((Value.Tensor) ((Value.Mapping) root).get("w").orElseThrow()).tensor().toFloats();
    }

    @Test
    void readsBothByteOrders() {
        var pickle = TorchFiles.tensorPickle("w", 4, true, 2, 2);

        for (var order : new ByteOrder[]{LITTLE, ByteOrder.BIG_ENDIAN}) {
            var file = TorchFiles.legacy(pickle, Map.of("0", TorchFiles.floats(order, 1, 2, 3, 4)), order);
            assertThat(numbers(read(file))).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void knowsTheMagicNumberInEveryProtocol() {
        var framed = new PickleWriter().raw(0x80, 4, 0x95).int64(13).raw(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20,
                0x6a, 0xa8, 0x50, 0x19).stop();
        var plain = TorchFiles.legacy(new byte[0], Map.of(), LITTLE);

        assertThat(LegacyFile.isOne(ByteRegion.of(framed))).isTrue();
        assertThat(LegacyFile.isOne(ByteRegion.of(plain))).isTrue();
        assertThat(LegacyFile.isOne(ByteRegion.of(PickleWriter.start().integer(1001).stop()))).isFalse();
        assertThat(LegacyFile.isOne(ByteRegion.of(new byte[5]))).isFalse();
    }

    @Test
    void refusesStoragesThatDoNotMatch() {
        var pickle = TorchFiles.tensorPickle("w", 4, true, 4);
        assertThat(refusal(TorchFiles.legacy(pickle, Map.of(), LITTLE))).hasMessageContaining("lacks");
        assertThat(refusal(TorchFiles.legacy(pickle, Map.of("1", FLOATS), LITTLE))).hasMessageContaining(
                "nothing refers");
        assertThat(refusal(TorchFiles.legacy(pickle, Map.of("0", Arrays.copyOf(FLOATS, 12)), LITTLE)))
                .hasMessageContaining("3 elements instead of 4");
        var whole = TorchFiles.legacy(pickle, Map.of("0", FLOATS), LITTLE);
        assertThat(refusal(Arrays.copyOf(whole, whole.length - 1)).reason()).isEqualTo(Reason.TRUNCATED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 62, Long.MAX_VALUE})
    void refusesStoragesOfImpossibleSize(long elements) {
        var pickle = TorchFiles.tensorPickle("w", elements, true, 4);
        var file = TorchFiles.legacy(pickle, Map.of("0", FLOATS), LITTLE);
        // The count before the data repeats the claim.
        for (int i = 0; i < Long.BYTES; i++) {
            file[file.length - FLOATS.length - Long.BYTES + i] = (byte) (elements >>> Byte.SIZE * i);
        }

        assertThat(refusal(file).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesViewsOfOldVersions() {
        var pickle = PickleWriter.start().ops("(").text("storage").global("torch", "FloatStorage").text("0").text("cpu")
                .integer(4).ops("(").text("1").integer(0).integer(4).ops("ttQ").stop();

        assertThat(refusal(TorchFiles.legacy(pickle, Map.of("0", FLOATS), LITTLE))).hasMessageContaining("0.1 to 0.3");
    }

    /** Beside a class, the legacy container keeps the file and the source text that it came from. */
    @Test
    void readsPickledModulesWhereTheirClassesAreNamed() {
        var pickle = PickleWriter.start().ops("(").text("module").global("net", "Net").text("net.py").text("import os")
                .ops("tQ)").raw(0x81).ops("}b").stop();
        var file = TorchFiles.legacy(pickle, Map.of(), LITTLE);

        assertThat(((Value.Instance) read(file, Set.of("net.Net"))).className()).isEqualTo("net.Net");
        assertThat(refusal(file)).hasMessageContaining("net.Net");
    }

    @Test
    void refusesAStorageOfTwoTypes() {
        var pickle = PickleWriter.start().ops("](").storage("FloatStorage", "0", 4, true)
                .storage("IntStorage", "0", 4, true).ops("e").stop();

        assertThat(refusal(TorchFiles.legacy(pickle, Map.of("0", FLOATS), LITTLE))).hasMessageContaining("differently");
    }

    @Test
    void readsFilesWithinFilesTwoDeepAndNoDeeper() {
        var inner = PickleWriter.start().storage("FloatStorage", "0", 4, true).stop();
        var file = TorchFiles.legacy(inner, Map.of("0", FLOATS), LITTLE);
        for (int depth = 1; depth <= 2; depth++) {
            file = TorchFiles.legacy(nested(file), Map.of(), LITTLE);
            assertThat(((Value.RawStorage) read(file)).region().copy(0, 16)).isEqualTo(FLOATS);
        }
        assertThat(refusal(TorchFiles.legacy(nested(file), Map.of(), LITTLE)).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    private static byte[] nested(byte[] file) {
        return PickleWriter.start().global("torch.storage", "_load_from_bytes").binary(file).raw(0x85).ops("R").stop();
    }

    @Test
    void saysWhereTheNestedFileIsThatIsDamaged() {
        var refused = refusal(TorchFiles.legacy(nested(new byte[]{1, 2, 3}), Map.of(), LITTLE));

        assertThat(refused).hasMessageContaining("old.pt, byte").hasMessageContaining("file within");
    }
}
