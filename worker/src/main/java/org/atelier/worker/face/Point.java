package org.atelier.worker.face;

import java.util.List;

/**
 * A place or a distance in a picture, in pixels.
 *
 * @param x to the right
 * @param y downwards
 */
public record Point(double x, double y) {
    Point plus(Point other) {
        return new Point(x + other.x, y + other.y);
    }

    Point minus(Point other) {
        return new Point(x - other.x, y - other.y);
    }

    Point times(double factor) {
        return new Point(x * factor, y * factor);
    }

    double length() {
        return Math.hypot(x, y);
    }

    static Point mean(List<Point> points) {
        return points.stream().reduce(new Point(0, 0), Point::plus).times(1.0 / points.size());
    }
}
