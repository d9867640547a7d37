package org.atelier.worker.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.io.ZipArchive;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.pickle.PickleWriter;
import org.atelier.worker.checkpoint.value.Value;
import org.junit.jupiter.api.Test;

class TorchArchiveTest {
    private final ReadBudget budget = new ReadBudget(ReadLimits.DEFAULT);

    private Map<String, byte[]> entries(ByteOrder order) {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("any name/data.pkl", TorchFiles.tensorPickle("w", 2, false, 2));
        entries.put("any name/data/0", TorchFiles.floats(order, 1, 2));
        entries.put("any name/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        entries.put("any name/byteorder",
                (order == ByteOrder.BIG_ENDIAN ? "big" : "little").getBytes(StandardCharsets.US_ASCII));
        return entries;
    }

    private TorchArchive open(byte[] bytes) {
        return TorchArchive.in(ZipArchive.open(ByteRegion.of(bytes), ReadLimits.DEFAULT), budget).orElseThrow();
    }

    private Value root(byte[] bytes) {
        return open(bytes).root(AllowList.published(Set.of())).freeze(budget);
    }

    private RefusedFileException refusal(byte[] bytes) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> root(bytes));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    @Test
    void readsBothByteOrders() {
        for (var order : new ByteOrder[]{ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            var bytes = TorchFiles.zip(entries(order));
            var tensor = (Value.Tensor) ((Value.Mapping) root(bytes)).get("w").orElseThrow();

            assertThat(open(bytes).order()).isEqualTo(order);
            assertThat(tensor.tensor().toFloats()).containsExactly(1, 2);
        }
    }

    @Test
    void tellsItsFacts() {
        var archive = open(TorchFiles.zip(entries(ByteOrder.LITTLE_ENDIAN)));

        assertThat(archive.fact("version")).contains("3");
        assertThat(archive.fact("nothing")).isEmpty();
        assertThat(archive.isScript()).isFalse();
    }

    @Test
    void otherArchivesAreNone() {
        var zip = TorchFiles.zip(Map.of("a/b/data.pkl", new byte[1], "data.pkl", new byte[1]));

        assertThat(TorchArchive.in(ZipArchive.open(ByteRegion.of(zip), ReadLimits.DEFAULT), budget)).isEmpty();
    }

    @Test
    void refusesSeveralFilesInOne() {
        var entries = entries(ByteOrder.LITTLE_ENDIAN);
        entries.put("other/data.pkl", new byte[1]);

        assertThat(refusal(TorchFiles.zip(entries))).hasMessageContaining("several");
    }

    @Test
    void refusesAMissingOrShortStorage() {
        var entries = entries(ByteOrder.LITTLE_ENDIAN);
        entries.put("any name/data/0", new byte[7]);
        assertThat(refusal(TorchFiles.zip(entries)).reason()).isEqualTo(Reason.MALFORMED);
        entries.remove("any name/data/0");
        assertThat(refusal(TorchFiles.zip(entries))).hasMessageContaining("no entry any name/data/0");
    }

    @Test
    void readsOneStorageOfSeveralTensors() {
        var entries = entries(ByteOrder.LITTLE_ENDIAN);
        var writer = PickleWriter.start().ops("](");
        for (int i = 0; i < 2; i++) {
            writer.tensor(() -> writer.storage("FloatStorage", "0", 2, false), i, new long[]{1}, 1);
        }
        entries.put("any name/data.pkl", writer.ops("e").stop());

        assertThat(((Value.Sequence) root(TorchFiles.zip(entries))).items())
                .extracting(value -> ((Value.Tensor) value).tensor().toFloats()[0]).containsExactly(1f, 2f);
    }

    @Test
    void onlyCodeMayBeCompressed() throws Exception {
        assertThat(root(compressed("code/net.py"))).isInstanceOf(Value.Mapping.class);
        assertThat(refusal(compressed("data/1"))).hasMessageContaining("any name/data/1 is compressed");
    }

    private static byte[] compressed(String extra) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            var pickle = new ZipEntry("any name/data.pkl");
            var content = PickleWriter.start().ops("}").stop();
            pickle.setMethod(ZipEntry.STORED);
            pickle.setSize(content.length);
            var crc = new CRC32();
            crc.update(content);
            pickle.setCrc(crc.getValue());
            zip.putNextEntry(pickle);
            zip.write(content);
            zip.putNextEntry(new ZipEntry("any name/" + extra));
            zip.write(new byte[100]);
        }
        return out.toByteArray();
    }
}
