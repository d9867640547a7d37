package org.atelier.worker.face;

import java.util.function.UnaryOperator;

/**
 * A face that was found, in pixels of the picture.
 *
 * @param left        edge of the box around it; may lie outside of the picture, as all edges
 * @param top         edge
 * @param right       edge
 * @param bottom      edge
 * @param probability that it is one, 0..1
 * @param landmarks   see {@link FiveLandmarks}
 */
public record Face(double left, double top, double right, double bottom, double probability, FiveLandmarks landmarks) {
    /** The same face with its box and all landmarks put elsewhere. */
    public Face moved(UnaryOperator<Point> place) {
        var start = place.apply(new Point(left, top));
        var end = place.apply(new Point(right, bottom));
        return new Face(start.x(), start.y(), end.x(), end.y(), probability, FiveLandmarks.of(landmarks.points()
                .stream().map(place).toList()));
    }

    /** Of its box. */
    public double area() {
        return (right - left) * (bottom - top);
    }
}
