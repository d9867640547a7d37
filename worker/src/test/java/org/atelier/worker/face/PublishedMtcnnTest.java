package org.atelier.worker.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.photo.PhotoFile;
import org.junit.jupiter.api.Test;

/**
 * The published weights and a photograph. They are no part of the project, so this runs by hand, on what {@code atelier models
 * import} makes of them and any generator: {@code -Datelier.mtcnn=<bundle folder>}.
 */
class PublishedMtcnnTest {
    private static final String BUNDLE = "atelier.mtcnn";
    /** Marked by eye in the enlarged photograph. */
    private static final List<Point> SEEN = List.of(new Point(203, 101), new Point(247, 103.5), new Point(223, 127),
            new Point(203, 140), new Point(245, 141));
    /** In pixels; between the eyes there are 44. */
    private static final double CLOSE = 3;

    @Test
    void theFaceOfAPhotographIsFoundAndNoOther() throws IOException {
        var bundle = System.getProperty(BUNDLE);
        assumeTrue(bundle != null, "the published weights are not here: -D" + BUNDLE + "=<bundle folder>");
        try (var networks = BundleNetworks.open(Path.of(bundle), TestEngine.get());
                var manager = TestEngine.get().newManager();
                var photo = PublishedMtcnnTest.class.getResourceAsStream("astronaut.jpg")) {
            var faces = new FaceFinder(networks.landmarks().orElseThrow(), FaceSettings.PUBLISHED).find(PhotoFile.read(
                    "astronaut.jpg", photo.readAllBytes()), manager);

            assertThat(faces).hasSize(1);
            assertThat(faces.getFirst().probability()).isGreaterThan(0.99);
            assertThat(faces.getFirst().landmarks().points()).zipSatisfy(SEEN, (found, seen) -> assertThat(found.minus(
                    seen).length()).as("from %s to %s", found, seen).isCloseTo(0, within(CLOSE)));
        }
    }
}
