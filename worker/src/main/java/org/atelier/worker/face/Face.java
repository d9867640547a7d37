package org.atelier.worker.face;

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
    /** Of its box. */
    public double area() {
        return (right - left) * (bottom - top);
    }
}
