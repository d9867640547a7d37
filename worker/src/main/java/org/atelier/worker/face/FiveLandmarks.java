package org.atelier.worker.face;

import java.util.List;

/**
 * Five landmarks of a face, in pixels. Left and right are as seen in the picture.
 *
 * @param leftEye    centre of the eye
 * @param rightEye   likewise
 * @param nose       tip
 * @param mouthLeft  corner
 * @param mouthRight corner
 */
public record FiveLandmarks(Point leftEye, Point rightEye, Point nose, Point mouthLeft, Point mouthRight) {
    /** How many there are. */
    public static final int COUNT = 5;

    /** Five points in the order of the components. */
    public static FiveLandmarks of(List<Point> points) {
        if (points.size() != COUNT) {
            throw new IllegalArgumentException("there are " + COUNT + " of these landmarks, not " + points.size());
        }
        return new FiveLandmarks(points.get(0), points.get(1), points.get(2), points.get(3), points.get(4));
    }

    /** The points in the order of the components. */
    public List<Point> points() {
        return List.of(leftEye, rightEye, nose, mouthLeft, mouthRight);
    }
}
