package org.atelier.worker.edit.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.atelier.common.lettering.Lettering;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;
import org.junit.jupiter.api.Test;

class SheetTest {
    private static final int SIZE = 128;
    private static final int WHITE = 255;
    private final Random random = new Random(5);

    private Picture noise() {
        var rgb = new byte[SIZE * SIZE * Raster.CHANNELS];
        random.nextBytes(rgb);
        return Picture.of(SIZE, SIZE, rgb);
    }

    private static Picture part(Picture sheet, int left, int top) {
        return Raster.of(sheet).crop(left, top, left + SIZE, top + SIZE).toPicture();
    }

    private static long inked(Picture sheet, int left, int top, int right, int bottom) {
        return Arrays.stream(Raster.of(sheet).crop(left, top, right, bottom).rgb()).filter(level -> level < WHITE
                / 2).count();
    }

    private static Sheet.Layout layout(Sheet sheet) {
        return sheet.layout(Lettering.regular(), Lettering.bold());
    }

    @Test
    void cellsAreThePicturesPixelByPixel() {
        var cells = List.of(List.of(noise(), noise(), noise()), List.of(noise(), noise()));
        var sheet = new Sheet("Strengths", List.of("0", "a person with round glasses", "2"), List.of("seed 7",
                "a latent with a rather long name of its own"), cells);

        var drawn = sheet.draw();
        var layout = layout(sheet);

        assertThat(drawn.width()).isEqualTo(layout.width());
        assertThat(drawn.height()).isEqualTo(layout.height());
        for (int row = 0; row < cells.size(); row++) {
            for (int column = 0; column < cells.get(row).size(); column++) {
                assertThat(part(drawn, layout.left(column), layout.top(row)).rgb())
                        .isEqualTo(cells.get(row).get(column).rgb());
            }
        }
        assertThat(part(drawn, layout.left(2), layout.top(1)).rgb()).containsOnly((byte) WHITE);
    }

    @Test
    void captionsAndTitleAreWritten() {
        var cells = List.of(List.of(noise(), noise()), List.of(noise(), noise()));
        var sheet = new Sheet("A title", List.of("first", "second"), List.of("one", "two"), cells);
        var drawn = sheet.draw();
        var layout = layout(sheet);

        assertThat(inked(drawn, 0, 0, drawn.width(), 30)).isPositive();
        for (int index = 0; index < 2; index++) {
            assertThat(inked(drawn, layout.left(index), 30, layout.left(index) + SIZE, layout.top(0))).isPositive();
            assertThat(inked(drawn, 0, layout.top(index), layout.left(0), layout.top(index) + SIZE)).isPositive();
        }
    }

    @Test
    void withoutCaptionsNothingIsLeftForThem() {
        var plain = new Sheet("", List.of(), List.of(), List.of(List.of(noise(), noise())));
        var captioned = Sheet.strip("Title", List.of("a", "b"), List.of(noise(), noise()));

        assertThat(layout(plain).left(0)).isEqualTo(layout(plain).top(0));
        assertThat(plain.draw().height()).isLessThan(captioned.draw().height());
        assertThat(plain.draw().height()).isEqualTo(SIZE + 2 * layout(plain).left(0));
    }

    @Test
    void titleOfASinglePictureIsNotSqueezed() {
        var sheet = Sheet.strip("a person with a beard, round glasses and a hat", List.of("after"), List.of(noise()));

        assertThat(layout(sheet).title()).hasSizeLessThanOrEqualTo(2);
        assertThat(sheet.draw().width()).isGreaterThan(SIZE * 2);
    }

    @Test
    void equalSheetsHaveEqualBytes() {
        var cells = List.of(List.of(noise()));

        assertThat(new Sheet("t", List.of("c"), List.of("r"), cells).draw().png())
                .isEqualTo(new Sheet("t", List.of("c"), List.of("r"), cells).draw().png());
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        var cells = List.of(List.of(noise(), noise()));
        var columns = List.of("one");
        var none = List.<String>of();
        var small = List.of(List.of(noise(), Picture.of(1, 1, new byte[Raster.CHANNELS])));
        var empty = List.of(List.<Picture>of());

        assertThatThrownBy(() -> new Sheet("", columns, none, cells)).hasMessageContaining("1 captions for 2 columns");
        assertThatThrownBy(() -> new Sheet("", none, List.of("a", "b"), cells)).hasMessageContaining(
                "2 captions for 1 rows");
        assertThatThrownBy(() -> new Sheet("", none, none, small)).hasMessageContaining("one size");
        assertThatThrownBy(() -> new Sheet("", none, none, empty)).hasMessageContaining("needs a picture");
    }
}
