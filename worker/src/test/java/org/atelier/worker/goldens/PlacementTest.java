package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Placed;
import org.atelier.worker.edit.photo.Photo;
import org.atelier.worker.face.CropQuad;
import org.atelier.worker.face.Point;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.stylegan3.InputTransform;
import org.atelier.worker.nn.stylegan3.StyleGan3Generator;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Raster;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures that lie elsewhere in their frame, on a small StyleGAN3-R with random weights. */
class PlacementTest {
    private static final int SIZE = 32;
    private static final List<Placement> PLACES = List.of(new Placement(0.1, -0.2, 25), Placement.NONE, new Placement(
            -0.3, 0.05, -130));

    @TempDir
    private static Path folder;

    private static BundleNetworks networks;
    private static StyleGan3Generator generator;
    private static NDManager manager;
    private static NDArray wPlus;

    @BeforeAll
    static void load() throws IOException {
        networks = SmallBundle.photos(folder);
        generator = (StyleGan3Generator) networks.generator();
        manager = TestEngine.get().newManager();
        wPlus = Scope.computeFor(manager, () -> generator.truncate(generator.map(HostArrays.of(manager, new RandomState(
                5).randnFloat(3 * generator.zSize()), new Shape(3, generator.zSize()))), 1, 0));
    }

    @AfterAll
    static void close() {
        manager.close();
        networks.close();
    }

    private static float largest(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat();
    }

    @Test
    void aPlaceIsThatOfTheInputTransform() {
        Scope.run(() -> {
            var styles = generator.styles(wPlus);
            for (var place : PLACES) {
                var published = generator.render(styles, InputTransform.of(place), Tap.NONE);
                var placed = generator.render(generator.placed(styles, List.of(place)), Noise.NONE, Tap.NONE);
                assertThat(largest(placed, published)).as("%s", place).isLessThan(2e-5f);
            }
        });
    }

    @Test
    void eachPictureOfABatchHasItsOwnPlace() {
        Scope.run(() -> {
            var together = generator.render(generator.placed(generator.styles(wPlus), PLACES), Noise.NONE, Tap.NONE);
            for (int i = 0; i < PLACES.size(); i++) {
                var one = wPlus.get(i + ":" + (i + 1));
                var alone = new Placed(networks, PLACES.get(i)).draw(one, Noise.NONE);
                assertThat(largest(together.get(i + ":" + (i + 1)), alone)).isLessThan(2e-5f);
            }
            assertThatThrownBy(() -> generator.placed(generator.styles(wPlus), PLACES.subList(0, 2)))
                    .hasMessage("2 placements for 3 pictures");
        });
    }

    /**
     * A picture is put into a photo by plain geometry. The same picture, drawn at the place that the landmarks say, is then
     * what the photo shows; at the edges, beyond which the photo has nothing of the picture, nothing is said.
     */
    @ParameterizedTest
    @CsvSource({"160, 100, 0, 0", "160, 100, 20, 0", "160, 100, -35, 0", "50, 45, 15, 1", "270, 160, -8, 1"})
    void aPhotoKeepsItsPlace(double x, double y, double degrees, int moved) {
        Scope.run(() -> {
            var seen = Picture.of(generator.render(wPlus.get("0:1"), Noise.NONE)).getFirst();
            var quad = CropQuad.of(landmarks(x, y, 25, degrees), CropQuad.Size.EYES_OR_MOUTH);
            var photo = new Photo(photo(seen, quad, 320, 200), Optional.of(quad), Optional.empty());
            var place = photo.placement();
            assertThat(place.degrees()).isCloseTo(degrees, within(1e-9));
            assertThat(Math.abs(place.right()) + Math.abs(place.down()) > 0.02).isEqualTo(moved == 1);

            var upright = photo.upright(SIZE);
            var placed = Picture.of(new Placed(networks, place).draw(wPlus.get("0:1"), Noise.NONE)).getFirst();
            assertThat(difference(placed, upright, place)).isLessThan(0.3);
            if (degrees != 0) {
                assertThat(difference(seen, upright, place)).as("not placed").isGreaterThan(0.7);
            }
        });
    }

    /** Mean over what both show of the picture, in levels of 255. */
    private static double difference(Picture a, Picture b, Placement place) {
        double sum = 0;
        int count = 0;
        var back = InputTransform.of(place);
        for (int i = 0; i < SIZE * SIZE; i++) {
            double x = (i % SIZE + 0.5) / SIZE - 0.5;
            double y = (i / SIZE + 0.5) / SIZE - 0.5;
            if (Math.abs(back.xx() * x + back.xy() * y + back.x0()) < 0.4 && Math.abs(back.yx() * x + back.yy() * y
                    + back
                            .y0()) < 0.4) {
                for (int c = 0; c < 3; c++) {
                    sum += Math.abs(Byte.toUnsignedInt(a.rgb()[3 * i + c]) - Byte.toUnsignedInt(b.rgb()[3 * i + c]));
                    count++;
                }
            }
        }
        return sum / count;
    }

    /** Eyes and mouth of a face that is turned counter-clockwise; only they count. */
    private static List<Point> landmarks(double x, double y, double eyes, double degrees) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        var points = new Point[CropQuad.LANDMARKS];
        for (int i = 0; i < points.length; i++) {
            double right = i < 36 || i >= 48 ? 0 : i < 42 ? -eyes / 2 : eyes / 2;
            double down = i >= 48 ? eyes : 0;
            points[i] = new Point(x + cos * right + sin * down, y - sin * right + cos * down);
        }
        return List.of(points);
    }

    /** A grey photo in which a picture fills a square: nearest pixel by bilinear interpolation, point by point. */
    private static Picture photo(Picture picture, CropQuad quad, int width, int height) {
        var rgb = new int[width * height * 3];
        var corner = quad.corners();
        double ax = corner.get(3).x() - corner.get(0).x();
        double ay = corner.get(3).y() - corner.get(0).y();
        double area = ax * ax + ay * ay;
        for (int py = 0; py < height; py++) {
            for (int px = 0; px < width; px++) {
                double dx = px - quad.centre().x();
                double dy = py - quad.centre().y();
                double u = ((dx * ax + dy * ay) / area + 0.5) * SIZE - 0.5;
                double v = ((dy * ax - dx * ay) / area + 0.5) * SIZE - 0.5;
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (py * width + px) + c] = (int) Math.round(u < 0 || v < 0 || u > SIZE - 1 || v > SIZE - 1
                            ? 128
                            : sample(picture, u, v, c));
                }
            }
        }
        return new Raster(width, height, rgb).toPicture();
    }

    private static double sample(Picture picture, double u, double v, int channel) {
        int left = Math.min((int) u, SIZE - 2);
        int top = Math.min((int) v, SIZE - 2);
        double value = 0;
        for (int i = 0; i < 4; i++) {
            int x = left + i % 2;
            int y = top + i / 2;
            value += (1 - Math.abs(u - x)) * (1 - Math.abs(v - y)) * Byte.toUnsignedInt(picture.rgb()[3 * (y * SIZE + x)
                    + channel]);
        }
        return value;
    }
}
