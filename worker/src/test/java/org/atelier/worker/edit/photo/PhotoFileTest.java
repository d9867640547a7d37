package org.atelier.worker.edit.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Source;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as cameras and painters write them, and files that mean harm. */
class PhotoFileTest {
    private static final int WIDTH = 48;
    private static final int HEIGHT = 32;
    private static final int RED = 0xe02010;
    private static final FaceSearch SEARCH = new FaceSearch(BundleNetworks.open(Path.of("..", "models", "avatar-128"),
            TestEngine.get()));

    /** White, with a red top left quarter. */
    private static BufferedImage quartered(int type) {
        var image = new BufferedImage(WIDTH, HEIGHT, type);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, 0xff000000 | (x < WIDTH / 2 && y < HEIGHT / 2 ? RED : 0xffffff));
            }
        }
        return image;
    }

    private static byte[] file(String format, BufferedImage image) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    /** EXIF with nothing but the tag of the orientation, in a TIFF header of big-endian order. */
    private static byte[] tiff(int orientation) {
        return ByteBuffer.allocate(26).put(new byte[]{'M', 'M', 0, 42}).putInt(8).putShort((short) 1)
                .putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0)
                .putInt(0).array();
    }

    private static byte[] jpeg(int orientation) throws IOException {
        var plain = file("jpeg", quartered(BufferedImage.TYPE_INT_RGB));
        var exif = tiff(orientation);
        return ByteBuffer.allocate(plain.length + exif.length + 10).put(plain, 0, 2).putShort((short) 0xffe1).putShort(
                (short) (exif.length + 8)).put(new byte[]{'E', 'x', 'i', 'f', 0, 0}).put(exif).put(plain, 2,
                        plain.length - 2).array();
    }

    private static byte[] png(int orientation) throws IOException {
        var plain = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        int afterHeader = 33;
        var chunk = ByteBuffer.allocate(tiff(orientation).length + 4).put("eXIf".getBytes()).put(tiff(orientation))
                .array();
        var crc = new CRC32();
        crc.update(chunk);
        return ByteBuffer.allocate(plain.length + chunk.length + 8).put(plain, 0, afterHeader).putInt(chunk.length - 4)
                .put(chunk).putInt((int) crc.getValue()).put(plain, afterHeader, plain.length - afterHeader).array();
    }

    @ParameterizedTest
    @CsvSource({"1,true,true,false", "2,false,true,false", "3,false,false,false", "4,true,false,false",
            "5,true,true,true", "6,false,true,true", "7,false,false,true", "8,true,false,true"})
    void aPictureIsTurnedAsTheCameraWasHeld(int orientation, boolean left, boolean top, boolean turned)
            throws IOException {
        for (var file : List.of(jpeg(orientation), png(orientation))) {
            var picture = PhotoFile.read("it", file);
            assertThat(picture.width()).isEqualTo(turned ? HEIGHT : WIDTH);
            assertThat(picture.height()).isEqualTo(turned ? WIDTH : HEIGHT);
            for (boolean right : List.of(false, true)) {
                for (boolean bottom : List.of(false, true)) {
                    int x = picture.width() / 4 + (right ? picture.width() / 2 : 0);
                    int y = picture.height() / 4 + (bottom ? picture.height() / 2 : 0);
                    assertThat(green(picture, x, y) < 128).as("red at %d, %d", x, y).isEqualTo(left != right
                            && top != bottom);
                }
            }
        }
    }

    private static int green(Picture picture, int x, int y) {
        return Byte.toUnsignedInt(picture.rgb()[(y * picture.width() + x) * 3 + 1]);
    }

    @Test
    void greysKeepTheirLevelAndWhatIsTransparentIsWhite() throws IOException {
        var grey = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(3, 4, 0, 100);
        assertThat(green(PhotoFile.read("grey", file("png", grey)), 3, 4)).isEqualTo(100);
        assertThat(green(PhotoFile.read("glass", file("png", new BufferedImage(20, 20,
                BufferedImage.TYPE_INT_ARGB))), 3, 4)).isEqualTo(255);
    }

    @Test
    void damagedFilesAreRefusedWithWhatToDo() throws IOException {
        var png = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        var jpeg = file("jpeg", quartered(BufferedImage.TYPE_INT_RGB));
        refused(new byte[0], "neither a PNG nor a JPEG");
        refused("GIF89a".getBytes(), "neither a PNG nor a JPEG");
        refused(Arrays.copyOf(png, 20), "damaged");
        refused(Arrays.copyOf(jpeg, 3), "damaged");
        refused(Arrays.copyOf(png, 60), "Save it again");
    }

    @Test
    void aBombIsRefusedByItsHeader() throws IOException {
        var png = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
        var crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        refused(png, "60000 x 60000");
    }

    private static void refused(byte[] file, String reason) {
        assertThatThrownBy(() -> PhotoFile.read("it", file)).isInstanceOfSatisfying(JobException.class, e -> assertThat(
                e
                        .category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE)).hasMessageContaining(reason);
    }

    @Test
    void anAlignedImageIsItsMiddleSquare() throws IOException {
        var file = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        var cut = Photo.read(Source.Image.aligned(Digest.of(file)), file, SEARCH).aligned(16);
        assertThat(cut.width()).isEqualTo(16);
        assertThat(cut.height()).isEqualTo(16);
        assertThat(green(cut, 2, 2)).isLessThan(128);
        assertThat(green(cut, 13, 2)).isGreaterThan(128);
        assertThat(green(cut, 2, 13)).isGreaterThan(128);
    }

    @Test
    void aFaceIsCutOutByItsLandmarks() throws IOException {
        var file = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        var image = new Source.Image(Digest.of(file), landmarks(12, 8, 4), null, null);
        var cut = Photo.read(image, file, SEARCH).aligned(32);
        assertThat(cut.width()).isEqualTo(32);
        assertThat(green(cut, 16, 12)).isLessThan(128);
    }

    @Test
    void landmarksOfAnotherImageAreRefused() throws IOException {
        var file = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        for (var landmarks : List.of(landmarks(5000, 5000, 4), landmarks(10, 10, 100_000), landmarks(10, 10, 0))) {
            assertThatThrownBy(() -> Photo.read(new Source.Image(Digest.of(file), landmarks, null, null), file, SEARCH)
                    .aligned(
                            32))
                    .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.category()).isEqualTo(
                            ErrorCategory.FACE_NOT_FOUND)).hasMessageContaining("48 x 32");
        }
    }

    @Test
    void fiveLandmarksSayTheSameAsThoseOfDlib() throws IOException {
        var file = file("png", quartered(BufferedImage.TYPE_INT_RGB));
        var all = landmarks(12, 8, 4);
        var five = List.of(List.of(10.0, 8.0), List.of(14.0, 8.0), List.of(1.0, 1.0), all.get(48), all.get(54));
        var photo = Photo.read(new Source.Image(Digest.of(file), five, null, null), file, SEARCH);

        assertThat(photo.aligned(32).rgb()).isEqualTo(Photo.read(new Source.Image(Digest.of(file), all, null, null),
                file, SEARCH).aligned(32).rgb());
        assertThat(photo.found()).isEmpty();
    }

    @Test
    void aBundleThatFindsNoFacesSaysWhatToDo() throws IOException {
        var file = file("png", quartered(BufferedImage.TYPE_INT_RGB));

        assertThatThrownBy(() -> Photo.read(new Source.Image(Digest.of(file), null, false, null), file, SEARCH))
                .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.category()).isEqualTo(
                        ErrorCategory.INVALID_REQUEST)).hasMessageContaining("no network that finds faces")
                .hasMessageContaining("aligned: true");
    }

    /** Eyes and mouth around a place; only they count. */
    private static List<List<Double>> landmarks(double x, double y, double eyes) {
        var points = new ArrayList<>(Collections.nCopies(68, List.of(x, y)));
        for (int i = 36; i < 42; i++) {
            points.set(i, List.of(x - eyes / 2, y));
        }
        for (int i = 42; i < 48; i++) {
            points.set(i, List.of(x + eyes / 2, y));
        }
        points.set(48, List.of(x - eyes / 3, y + eyes));
        points.set(54, List.of(x + eyes / 3, y + eyes));
        return points;
    }
}
