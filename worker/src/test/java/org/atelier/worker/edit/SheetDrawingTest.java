package org.atelier.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

import javax.imageio.ImageIO;

import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.job.SheetRequest.Cell;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.Test;

class SheetDrawingTest {
    private static final byte[] RED = picture(Color.RED, 64, 64);
    private static final byte[] BLUE = picture(Color.BLUE, 64, 64);
    private static final byte[] WIDE_GREEN = picture(Color.GREEN, 128, 64);

    private static byte[] picture(Color colour, int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return Picture.of(image).png();
    }

    private static Cell cell(int row, int column, byte[] file) {
        return new Cell(row, column, new Input.Blob(Digest.of(file)));
    }

    private static Picture draw(SheetRequest request, FakeInputs inputs) {
        try (var drawing = new SheetDrawing(request, inputs)) {
            while (!drawing.isDone()) {
                drawing.step();
            }
            var products = drawing.finish();
            assertThat(products).singleElement().satisfies(product -> assertThat(product.name()).isEqualTo(
                    SheetRequest.ARTIFACT));
            return Picture.read(products.getFirst().bytes());
        }
    }

    private static long count(Picture picture, Color colour) {
        var image = picture.image();
        long count = 0;
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                count += (image.getRGB(x, y) & 0xFF_FF_FF) == (colour.getRGB() & 0xFF_FF_FF) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void everyPictureHasItsPlaceAndPlacesMayStayEmpty() {
        var request = new SheetRequest("b", List.of("a smile", "a beard"), List.of("learning rate 0.1",
                "learning rate 0.2"), List.of(cell(0, 0, RED), cell(1, 1, BLUE), new Cell(1, 0, new Input.Result(
                        new JobId("another"), "after.png"))));

        var sheet = draw(request, new FakeInputs().with(RED).with(BLUE).with(new JobId("another"), "after.png",
                WIDE_GREEN));

        assertThat(count(sheet, Color.RED)).isEqualTo(64 * 64);
        assertThat(count(sheet, Color.BLUE)).isEqualTo(64 * 64);
        assertThat(count(sheet, Color.GREEN)).as("fitted into the place").isEqualTo(64 * 32);
        assertThat(sheet.width()).as("heads beside two pictures").isGreaterThan(128 + 64);
    }

    @Test
    void aSheetStaysSmallEnoughToBeOpened() {
        var columns = Collections.nCopies(128, "");
        var large = picture(Color.RED, 128, 128);

        var sheet = draw(new SheetRequest("b", columns, List.of(""), List.of(cell(0, 127, large))), new FakeInputs()
                .with(large));

        assertThat(sheet.width()).isLessThan(SheetDrawing.MOST_PIXELS + 1_000);
        assertThat(count(sheet, Color.RED)).isEqualTo(64 * 64);
    }

    @Test
    void whatIsNoPictureIsNamed() {
        var text = "no picture".getBytes(StandardCharsets.UTF_8);
        var request = new SheetRequest("b", List.of("a"), List.of("b"), List.of(cell(0, 0, text)));

        assertThatThrownBy(() -> draw(request, new FakeInputs().with(text))).isInstanceOfSatisfying(JobException.class,
                e -> {
                    assertThat(e.category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE);
                    assertThat(e).hasMessageContaining("row 0, column 0");
                });
    }

    /** What it would take of memory is known before anything is decoded. */
    @Test
    void aPictureWithTooManyPixelsIsRefused() {
        var huge = new BufferedImage(10_000, 2_501, BufferedImage.TYPE_BYTE_BINARY);
        var file = new ByteArrayOutputStream();
        assertThatCode(() -> ImageIO.write(huge, "png", file)).doesNotThrowAnyException();
        var request = new SheetRequest("b", List.of("a"), List.of("b"), List.of(cell(0, 0, file.toByteArray())));

        assertThatThrownBy(() -> draw(request, new FakeInputs().with(file.toByteArray()))).isInstanceOfSatisfying(
                JobException.class, e -> {
                    assertThat(e.category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE);
                    assertThat(e).hasMessageContaining("row 0, column 0").hasMessageContaining("25 million");
                });
    }
}
