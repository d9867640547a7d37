package org.atelier.worker.checkpoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import org.atelier.common.artifact.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteRegionTest {
    /** Pieces of the size of a window, so that a small file has many. */
    private static final int CHUNK_BITS = 20;

    @TempDir
    Path folder;

    @Test
    void readsAcrossThePiecesOfAMapping() throws Exception {
        var bytes = new byte[(3 << CHUNK_BITS) + 12_345];
        new Random(1).nextBytes(bytes);
        var region = ByteRegion.map(Files.write(folder.resolve("file"), bytes), CHUNK_BITS);
        var expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

        for (int at : new int[]{0, (1 << CHUNK_BITS) - 3, 1 << CHUNK_BITS, (2 << CHUNK_BITS) - 1, bytes.length - 8}) {
            assertThat(region.longAt(at)).isEqualTo(expected.getLong(at));
            assertThat(region.intAt(at)).isEqualTo(expected.getInt(at));
            assertThat(region.shortAt(at)).isEqualTo(expected.getShort(at));
            assertThat(region.unsignedByte(at)).isEqualTo(bytes[at] & 0xFF);
        }
        assertThat(region.copy(0, bytes.length)).isEqualTo(bytes);
        assertThat(region.sha256()).isEqualTo(Digest.of(bytes));
        int start = (1 << CHUNK_BITS) - 100;
        assertThat(region.slice(start, 2 << CHUNK_BITS).window(50, ByteRegion.MAX_WINDOW))
                .isEqualTo(expected.slice(start + 50, ByteRegion.MAX_WINDOW));
    }

    @Test
    void aSliceEndsWhereItEnds() {
        var slice = ByteRegion.of(new byte[]{1, 2, 3, 4, 5, 6}).slice(1, 4);

        assertThat(slice.copy(0, 4)).containsExactly(2, 3, 4, 5);
        assertThat(slice.contains(4, 0)).isTrue();
        assertThat(slice.contains(1, Long.MAX_VALUE)).isFalse();
        assertThat(slice.contains(-1, 1)).isFalse();
        assertThat(slice.startsWith(3, (byte) 5, (byte) 6)).isFalse();
        assertThatIndexOutOfBoundsException().isThrownBy(() -> slice.unsignedByte(4));
        assertThatIndexOutOfBoundsException().isThrownBy(() -> slice.intAt(1));
        assertThatIndexOutOfBoundsException().isThrownBy(() -> slice.slice(2, 3));
        assertThatIndexOutOfBoundsException().isThrownBy(() -> slice.window(4, 1));
    }

    @Test
    void anEmptyFileIsAnEmptyRegion() throws Exception {
        assertThat(ByteRegion.map(Files.createFile(folder.resolve("empty"))).size()).isZero();
    }
}
