package org.atelier.worker.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Faces are found, by weights that {@link FaceFinderTraining} made of other faces than those here. They are in the published
 * format; for the published weights themselves see {@link PublishedMtcnnTest}.
 */
class FaceFinderTest {
    private static BundleNetworks avatar;
    private static Mtcnn network;
    private static FaceFinder finder;
    private static NDManager manager;
    private static List<Picture> avatars;

    @BeforeAll
    static void open() throws IOException {
        avatar = BundleNetworks.open(Path.of("..", "models", "avatar-128"), TestEngine.get());
        network = Mtcnn.load(MtcnnWeights.initial(0).with(MtcnnWeights.TRAINED), TestEngine.get());
        finder = new FaceFinder(network, FaceSettings.PUBLISHED);
        manager = TestEngine.get().newManager();
        avatars = AvatarScenes.avatars(avatar, 500, 24);
    }

    @AfterAll
    static void close() {
        manager.close();
        network.close();
        avatar.close();
    }

    private static double side(Face face) {
        return face.right() - face.left();
    }

    /** How far the farthest landmark is from where it was drawn, in widths of the face. */
    private static double error(Face found, Face drawn) {
        double farthest = 0;
        for (int i = 0; i < FiveLandmarks.COUNT; i++) {
            farthest = Math.max(farthest, found.landmarks().points().get(i).minus(drawn.landmarks().points().get(i))
                    .length() / side(drawn));
        }
        return farthest;
    }

    @Test
    void facesAreFoundBeforeWhatIsNone() {
        var scenes = new AvatarScenes(avatars, 77, false);
        int drawn = 0;
        int found = 0;
        int wrong = 0;
        double errors = 0;
        for (int i = 0; i < 12; i++) {
            var scene = scenes.scene(260, 200, 1 + i % 3);
            var faces = finder.find(scene.picture(), manager);
            assertThat(faces).isSortedAccordingTo(Comparator.comparingDouble(face -> -face.area()));
            drawn += scene.faces().size();
            for (var face : faces) {
                var nearest = scene.faces().stream().min(Comparator.comparingDouble(known -> error(face, known)))
                        .orElseThrow();
                double error = error(face, nearest);
                if (error < 0.2) {
                    found++;
                    errors += error;
                } else {
                    wrong++;
                }
            }
        }
        assertThat((double) found / drawn).as("found of those that are there").isGreaterThan(0.9);
        assertThat((double) wrong / drawn).as("found where none is").isLessThan(0.1);
        assertThat(errors / found).as("mean of the farthest landmarks, in widths of the face").isLessThan(0.08);
    }

    @Test
    void aFaceOfAnySizeAndTurnAndAtAnEdgeIsFound() {
        var scenes = new AvatarScenes(avatars, 78, false);
        for (double side : new double[]{40, 120, 650}) {
            int width = (int) (4 * side);
            int height = (int) (2 * side);
            var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            // The second one lies over the picture's right edge by some of its hair.
            var drawn = List.of(scenes.put(image, 3, new Point(side, side), side, 15), scenes.put(image, 5, new Point(
                    width - 0.4 * side, side), 0.7 * side, -10));
            var faces = finder.find(Picture.of(image), manager);

            assertThat(faces).as("faces of %s px", side).hasSize(2);
            for (int i = 0; i < drawn.size(); i++) {
                assertThat(error(faces.get(i), drawn.get(i))).isLessThan(0.12);
                assertThat(faces.get(i).probability()).isGreaterThan(0.7);
                assertThat(side(faces.get(i)) / side(drawn.get(i))).isBetween(0.8, 1.25);
            }
        }
    }

    @Test
    void whereThereIsNoFaceNoneIsFound() {
        var scenes = new AvatarScenes(avatars, 79, false);
        for (int i = 0; i < 4; i++) {
            assertThat(finder.find(scenes.scene(200, 200, 0).picture(), manager)).isEmpty();
        }
        assertThat(finder.find(Picture.of(new BufferedImage(19, 400, BufferedImage.TYPE_INT_RGB)), manager)).isEmpty();
        assertThat(finder.find(Picture.of(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)), manager)).isEmpty();
    }
}
