package org.atelier.worker.checkpoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
    private static final int LOCAL = 0x0403_4b50;
    private static final int CENTRAL = 0x0201_4b50;
    private static final int END = 0x0605_4b50;

    @TempDir
    Path folder;

    private static ZipArchive open(byte[] bytes) {
        return ZipArchive.open(ByteRegion.of(bytes), ReadLimits.DEFAULT);
    }

    private static RefusedFileException refusal(byte[] bytes) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> open(bytes));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    /** An archive of one stored entry of four bytes, as {@code java.util.zip} writes it. */
    private static byte[] stored(String name) throws IOException {
        var content = new byte[]{1, 2, 3, 4};
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            var entry = new ZipEntry(name);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            var crc = new CRC32();
            crc.update(content);
            entry.setCrc(crc.getValue());
            // An extra field, as PyTorch pads with to align the data.
            entry.setExtra(new byte[]{'F', 'B', 3, 0, 'Z', 'Z', 'Z'});
            zip.putNextEntry(entry);
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a"));
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] changed(byte[] archive, Consumer<ByteBuffer> change) {
        var copy = archive.clone();
        change.accept(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
        return copy;
    }

    private static int find(ByteBuffer archive, int signature) {
        for (int at = 0; at <= archive.limit() - Integer.BYTES; at++) {
            if (archive.getInt(at) == signature) {
                return at;
            }
        }
        throw new AssertionError("no " + Integer.toHexString(signature));
    }

    @Test
    void findsStoredDataBehindPaddedHeaders() throws Exception {
        var archive = open(stored("folder/data/0"));

        var entry = archive.find("folder/data/0").orElseThrow();
        assertThat(archive.stored(entry).copy(0, 4)).containsExactly(1, 2, 3, 4);
        assertThat(archive.find("data/0")).isEmpty();
    }

    @Test
    void inflatesWhatIsDeflatedWithSizesBehindTheData() throws Exception {
        var content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        var archive = open(deflated(content));

        var entry = new InflatedEntry(archive, archive.find("a").orElseThrow(), ReadLimits.DEFAULT);
        assertThat(entry.all().copy(0, content.length)).isEqualTo(content);
        assertThat(entry.head(10).copy(0, 10)).isEqualTo(Arrays.copyOf(content, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/x", "C:/x", "..\\x", "a/..", "x\0y"})
    void refusesNamesThatPointOutside(String name) throws Exception {
        var refused = refusal(stored(name));

        assertThat(refused.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(refused).hasMessageContaining("outside");
    }

    @Test
    void acceptsNamesWithDots() throws Exception {
        assertThat(open(stored("model..v2/.data/x...y")).entries()).hasSize(1);
    }

    @Test
    void refusesWhatContradictsItself() throws Exception {
        var sound = stored("abcd");
        assertThat(refusal(changed(sound, zip -> zip.put(find(zip, LOCAL) + 30, (byte) 'x'))))
                .hasMessageContaining("another name");
        assertThat(refusal(changed(sound, zip -> zip.putInt(find(zip, CENTRAL) + 42, 1))))
                .hasMessageContaining("not where");
        assertThat(refusal(changed(sound, zip -> zip.putInt(find(zip, CENTRAL) + 20, 5))))
                .hasMessageContaining("two sizes");
        assertThat(refusal(changed(sound, zip -> {
            zip.putInt(find(zip, CENTRAL) + 20, 60);
            zip.putInt(find(zip, CENTRAL) + 24, 60);
        }))).hasMessageContaining("overlaps");
        assertThat(refusal(changed(sound, zip -> {
            zip.putInt(find(zip, CENTRAL) + 20, 5_000);
            zip.putInt(find(zip, CENTRAL) + 24, 5_000);
        })).reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(refusal(changed(sound, zip -> zip.putShort(find(zip, END) + 10, (short) 2))))
                .hasMessageContaining("breaks off");
        assertThat(refusal(changed(sound, zip -> zip.putInt(find(zip, END) + 16, -2))))
                .hasMessageContaining("inside");
        assertThat(refusal(changed(sound, zip -> zip.putInt(find(zip, CENTRAL) + 42, -1))))
                .hasMessageContaining("zip64");
        assertThat(refusal(changed(sound, zip -> zip.putShort(find(zip, END) + 10, (short) -1))))
                .hasMessageContaining("zip64");
    }

    @Test
    void refusesEncryptionOtherMethodsAndParts() throws Exception {
        var sound = stored("abcd");
        assertThat(refusal(changed(sound, zip -> zip.putShort(find(zip, CENTRAL) + 8, (short) 1))))
                .hasMessageContaining("encrypted");
        assertThat(refusal(changed(sound, zip -> zip.putShort(find(zip, CENTRAL) + 10, (short) 12))))
                .hasMessageContaining("method 12");
        assertThat(refusal(changed(sound, zip -> zip.putShort(find(zip, END) + 4, (short) 1))))
                .hasMessageContaining("several parts");
    }

    @Test
    void refusesTwoEntriesOfOneName() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var name : new String[]{"same", "samE"}) {
                zip.putNextEntry(new ZipEntry(name));
                zip.closeEntry();
            }
        }
        var archive = new String(out.toByteArray(), StandardCharsets.ISO_8859_1).replace("samE", "same");

        assertThat(refusal(archive.getBytes(StandardCharsets.ISO_8859_1))).hasMessageContaining("two entries");
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        var sound = stored("abcd");
        for (int length = 4; length < sound.length; length++) {
            assertThat(refusal(Arrays.copyOf(sound, length)).reason()).isEqualTo(Reason.TRUNCATED);
        }
    }

    @Test
    void compressedDataThatIsDamagedIsRefused() throws Exception {
        var sound = deflated("a text of some length, a text of some length".getBytes(StandardCharsets.UTF_8));
        assertThat(inflationRefusal(changed(sound, zip -> zip.putInt(find(zip, CENTRAL) + 16, 7))))
                .hasMessageContaining("checksum");
        assertThat(inflationRefusal(changed(sound, zip -> zip.putInt(find(zip, CENTRAL) + 24, 10))))
                .hasMessageContaining("more than");
        assertThat(inflationRefusal(changed(sound, zip -> zip.putInt(find(zip, CENTRAL) + 24, 100))))
                .hasMessageContaining("instead of 100");
        assertThat(inflationRefusal(changed(sound, zip -> zip.put(31, (byte) 0xff)))).hasMessageContaining("deflated");
    }

    @Test
    void aDecompressionBombIsRefusedByItsClaim() throws Exception {
        var bomb = deflated(new byte[2_000]);
        var limits = new ReadLimits(1, 1, 1, 1, 1, 1, 1, 1, 10, 1_000, 10);

        var refused = catchThrowableOfType(RefusedFileException.class, () -> {
            var archive = ZipArchive.open(ByteRegion.of(bomb), limits);
            new InflatedEntry(archive, archive.find("a").orElseThrow(), limits);
        });

        assertThat(refused.reason()).isEqualTo(Reason.OVER_LIMIT);
        assertThat(inflationRefusal(changed(bomb, zip -> zip.putInt(find(zip, CENTRAL) + 24, 2_000_000_000))).reason())
                .isEqualTo(Reason.OVER_LIMIT);
    }

    private static RefusedFileException inflationRefusal(byte[] bytes) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> {
            var archive = open(bytes);
            new InflatedEntry(archive, archive.find("a").orElseThrow(), ReadLimits.DEFAULT).all();
        });
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    /** Larger than 4 GiB, and than a Java buffer; a hole in the file takes no disk. */
    @Test
    void readsZip64() throws Exception {
        long size = 5L << 30;
        var name = "a/data/0".getBytes(StandardCharsets.US_ASCII);
        var file = folder.resolve("sparse.pt");
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            var local = buffer(30 + name.length + 20);
            header(local, LOCAL, 4, 0).putInt(-1).putInt(-1).putShort((short) name.length).putShort((short) 20)
                    .put(name).putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
            out.write(local.flip());
            long data = out.position();
            out.position(data + size - 4).write(buffer(4).putInt(0x1234_5678).flip());

            long central = out.position();
            var directory = buffer(46 + name.length + 20);
            header(directory, CENTRAL, 6, 0).putInt(-1).putInt(-1).putShort((short) name.length).putShort((short) 20)
                    .putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0).putInt(0).put(name)
                    .putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
            out.write(directory.flip());

            long end = out.position();
            out.write(buffer(56).putInt(0x0606_4b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0)
                    .putInt(0).putLong(1).putLong(1).putLong(end - central).putLong(central).flip());
            out.write(buffer(20).putInt(0x0706_4b50).putInt(0).putLong(end).putInt(1).flip());
            out.write(buffer(22).putInt(END).putInt(0).putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1)
                    .putShort((short) 0).flip());
        }

        var archive = ZipArchive.open(ByteRegion.map(file), ReadLimits.DEFAULT);

        var content = archive.stored(archive.find("a/data/0").orElseThrow());
        assertThat(content.size()).isEqualTo(size);
        assertThat(content.intAt(size - 4)).isEqualTo(0x1234_5678);
        assertThat(content.intAt(size / 2)).isZero();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Signature, versions (one or two), flags, method, time, date and checksum of a header. */
    private static ByteBuffer header(ByteBuffer buffer, int signature, int versions, int method) {
        buffer.putInt(signature).putShort((short) 45);
        if (versions == 6) {
            buffer.putShort((short) 45);
        }
        return buffer.putShort((short) 0).putShort((short) method).putInt(0).putInt(0);
    }
}
