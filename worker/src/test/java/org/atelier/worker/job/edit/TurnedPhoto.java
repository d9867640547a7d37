package org.atelier.worker.job.edit;

import java.util.ArrayList;
import java.util.List;

import org.atelier.common.job.Source;
import org.atelier.worker.tensor.Raster;

/** A photo of 80 x 60 px of nothing in particular, with the landmarks of a face that is turned. */
final class TurnedPhoto {
    /** How far the face is turned, counter-clockwise. */
    static final double DEGREES = 30;

    private TurnedPhoto() {}

    static byte[] png() {
        var rgb = new int[80 * 60 * 3];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % 80;
            int y = i / 240;
            rgb[i] = (int) (128 + 100 * Math.sin(x / 9.0 + i % 3) * Math.cos(y / 7.0));
        }
        return new Raster(80, 60, rgb).toPicture().png();
    }

    /** Eyes and mouth around the middle of the photo; only they count. */
    static List<List<Double>> landmarks() {
        double cos = Math.cos(Math.toRadians(DEGREES));
        double sin = Math.sin(Math.toRadians(DEGREES));
        var points = new ArrayList<List<Double>>();
        for (int i = 0; i < Source.Image.LANDMARKS; i++) {
            double right = i < 36 || i >= 48 ? 0 : i < 42 ? -5 : 5;
            double down = i >= 48 ? 10 : 0;
            points.add(List.of(50 + cos * right + sin * down, 26 - sin * right + cos * down));
        }
        return points;
    }
}
