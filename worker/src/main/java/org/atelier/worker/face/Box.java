package org.atelier.worker.face;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A window of a picture that may show a face. Pixels are counted from 1 and the last one belongs to the box, as in the
 * MATLAB code that MTCNN was published with; whether a width is {@code right - left} or one more differs from step to step
 * there, and the published weights were trained with that.
 *
 * @param left        first column
 * @param top         first row
 * @param right       last column
 * @param bottom      last row
 * @param probability that it shows a face, 0..1
 */
record Box(double left, double top, double right, double bottom, double probability) {
    /** How much two boxes have in common. */
    enum Overlap {
        /** Their intersection as a share of their union. */
        UNION {
            @Override
            double of(Box a, Box b) {
                double shared = a.shared(b, 0);
                return shared / (a.area(0) + b.area(0) - shared);
            }
        },
        /** Their intersection as a share of the smaller one, which finds a box within another. */
        SMALLER {
            @Override
            double of(Box a, Box b) {
                return a.shared(b, 1) / Math.min(a.area(1), b.area(1));
            }
        };

        abstract double of(Box a, Box b);
    }

    /** @param edge what belongs to the box beyond the difference of its edges */
    private double area(double edge) {
        return (right - left + edge) * (bottom - top + edge);
    }

    private double shared(Box other, double edge) {
        double width = Math.min(right, other.right) - Math.max(left, other.left) + edge;
        double height = Math.min(bottom, other.bottom) - Math.max(top, other.top) + edge;
        return Math.max(width, 0) * Math.max(height, 0);
    }

    /**
     * Of boxes that overlap keeps the most probable one (non-maximum suppression).
     *
     * @param limit boxes that overlap more are the same
     * @return which are kept, the most probable one first
     */
    static List<Integer> distinct(List<Box> boxes, Overlap overlap, double limit) {
        var kept = new ArrayList<Integer>();
        for (int i : mostProbableFirst(boxes)) {
            if (kept.stream().noneMatch(k -> overlap.of(boxes.get(k), boxes.get(i)) > limit)) {
                kept.add(i);
            }
        }
        return kept;
    }

    /** The numbers of boxes, the most probable one first; equal ones in their order. */
    static List<Integer> mostProbableFirst(List<Box> boxes) {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < boxes.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(i -> -boxes.get(i).probability));
        return order;
    }

    /**
     * Moves each edge.
     *
     * @param edges how far left, top, right and bottom edge move, in sides of the box
     * @param edge  what belongs to a side beyond the difference of its ends: 0 after the first network, 1 later
     */
    Box moved(double[] edges, double edge) {
        double width = right - left + edge;
        double height = bottom - top + edge;
        return new Box(left + edges[0] * width, top + edges[1] * height, right + edges[2] * width, bottom + edges[3]
                * height, probability);
    }

    /** The square around the same middle whose side is the longer one. */
    Box square() {
        double side = Math.max(right - left, bottom - top);
        double x = (left + right - side) / 2;
        double y = (top + bottom - side) / 2;
        return new Box(x, y, x + side, y + side, probability);
    }

    /** The same place with another probability. */
    Box with(double other) {
        return new Box(left, top, right, bottom, other);
    }
}
