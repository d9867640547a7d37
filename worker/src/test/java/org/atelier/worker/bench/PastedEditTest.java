package org.atelier.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;

import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.Test;

class PastedEditTest {
    private static final int SIZE = 16;

    private static byte[] grey(int level) {
        var rgb = new byte[SIZE * SIZE * 3];
        Arrays.fill(rgb, (byte) level);
        return rgb;
    }

    @Test
    void whatChangedMuchIsTakenAndTheRestIsTheOldPicture() {
        var edited = grey(103); // everything a little lighter, the left upper quarter much
        for (int y = 0; y < SIZE / 2; y++) {
            Arrays.fill(edited, y * SIZE * 3, (y * SIZE + SIZE / 2) * 3, (byte) 200);
        }

        var pasted = PastedEdit.of(Picture.of(SIZE, SIZE, grey(100)), Picture.of(SIZE, SIZE, edited)).rgb();

        assertThat(Byte.toUnsignedInt(pasted[0])).isEqualTo(200);
        assertThat(Byte.toUnsignedInt(pasted[pasted.length - 1])).isEqualTo(100);
    }

    @Test
    void picturesOfTwoSizesAreRefused() {
        assertThatThrownBy(() -> PastedEdit.of(Picture.of(SIZE, SIZE, grey(1)), Picture.of(1, 1, new byte[3])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 x 16 and of 1 x 1");
    }
}
