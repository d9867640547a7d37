package org.atelier.worker.face;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.Picture;

/**
 * A photo with a large face on its left and a small one on its right.
 *
 * @param picture it
 * @param largest landmarks of the large face
 * @param side    of the box around that
 */
public record DrawnPhoto(Picture picture, List<Point> largest, double side) {
    /** @param degrees by which the large face is turned clockwise */
    public static DrawnPhoto ofTwo(double degrees) {
        try (var networks = BundleNetworks.open(Path.of("..", "models", "avatar-128"), TestEngine.get())) {
            var scenes = new AvatarScenes(AvatarScenes.avatars(networks, 600, 2), 5, false);
            var image = new BufferedImage(340, 220, BufferedImage.TYPE_INT_RGB);
            double side = 100;
            var face = scenes.put(image, 0, new Point(115, 110), side, degrees);
            scenes.put(image, 1, new Point(275, 100), 0.5 * side, 0);
            return new DrawnPhoto(Picture.of(image), face.landmarks().points(), side);
        }
    }
}
