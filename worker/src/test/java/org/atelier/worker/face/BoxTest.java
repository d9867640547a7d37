package org.atelier.worker.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.assertj.core.data.Offset;
import org.atelier.worker.face.Box.Overlap;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.Test;

/** What happens to boxes between the networks, against plain definitions. */
class BoxTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    private static List<Box> boxes(Random random, int count) {
        var boxes = new ArrayList<Box>();
        for (int i = 0; i < count; i++) {
            double left = random.nextInt(40);
            double top = random.nextInt(40);
            boxes.add(new Box(left, top, left + 5 + random.nextInt(30), top + 5 + random.nextInt(30), random.nextInt(
                    100) / 100.0));
        }
        return boxes;
    }

    /** Counts pixels: those of both, and those of either or of the smaller one. */
    private static double overlap(Box a, Box b, Overlap overlap) {
        // Of a union the last pixel does not count, of the smaller one it does.
        int end = overlap == Overlap.SMALLER ? 1 : 0;
        int shared = 0;
        int inA = 0;
        int inB = 0;
        for (int y = 0; y < 80; y++) {
            for (int x = 0; x < 80; x++) {
                boolean isA = x >= a.left() && x < a.right() + end && y >= a.top() && y < a.bottom() + end;
                boolean isB = x >= b.left() && x < b.right() + end && y >= b.top() && y < b.bottom() + end;
                shared += isA && isB ? 1 : 0;
                inA += isA ? 1 : 0;
                inB += isB ? 1 : 0;
            }
        }
        return overlap == Overlap.SMALLER
                ? (double) shared / Math.min(inA, inB)
                : (double) shared / (inA + inB - shared);
    }

    /** Takes the most probable box, drops all that are the same, and so on until none is left. */
    private static List<Integer> slowly(List<Box> boxes, Overlap overlap, double limit) {
        var left = new ArrayList<Integer>();
        for (int i = 0; i < boxes.size(); i++) {
            left.add(i);
        }
        var kept = new ArrayList<Integer>();
        while (!left.isEmpty()) {
            int best = left.getFirst();
            for (int i : left) {
                if (boxes.get(i).probability() > boxes.get(best).probability()) {
                    best = i;
                }
            }
            int taken = best;
            kept.add(taken);
            left.removeIf(i -> i == taken || overlap(boxes.get(taken), boxes.get(i), overlap) > limit);
        }
        return kept;
    }

    @Test
    void ofBoxesThatOverlapTheMostProbableOneStays() {
        var random = new Random(3);
        for (int n = 0; n < 12; n++) {
            var boxes = boxes(random, 5 + 6 * n);
            for (var overlap : Overlap.values()) {
                for (double limit : new double[]{0.3, 0.5, 0.7}) {
                    assertThat(Box.distinct(boxes, overlap, limit)).isEqualTo(slowly(boxes, overlap, limit));
                }
            }
        }
        assertThat(Box.distinct(List.of(), Overlap.UNION, 0.5)).isEmpty();
    }

    @Test
    void aBoxWithinAnotherIsTheSameByTheSmallerOneOnly() {
        var boxes = List.of(new Box(0, 0, 40, 40, 0.8), new Box(10, 10, 20, 20, 0.9));

        assertThat(Box.distinct(boxes, Overlap.UNION, 0.7)).containsExactly(1, 0);
        assertThat(Box.distinct(boxes, Overlap.SMALLER, 0.7)).containsExactly(1);
    }

    @Test
    void aSquareHasTheSameMiddleAndTheLongerSide() {
        var random = new Random(4);
        for (var box : boxes(random, 50)) {
            var square = box.square();
            double side = Math.max(box.right() - box.left(), box.bottom() - box.top());
            assertThat(square.right() - square.left()).isCloseTo(side, EXACT);
            assertThat(square.bottom() - square.top()).isCloseTo(side, EXACT);
            assertThat(square.left() + square.right()).isCloseTo(box.left() + box.right(), EXACT);
            assertThat(square.top() + square.bottom()).isCloseTo(box.top() + box.bottom(), EXACT);
            assertThat(square.probability()).isEqualTo(box.probability());
        }
    }

    @Test
    void edgesMoveByShares() {
        var box = new Box(11, 21, 30, 60, 0.5);

        assertThat(box.moved(new double[]{0.1, -0.1, 0.2, 0.5}, 1)).isEqualTo(new Box(13, 17, 34, 80, 0.5));
        assertThat(box.moved(new double[]{1, 0, 0, 0}, 0)).isEqualTo(new Box(30, 21, 30, 60, 0.5));
    }

    /** Each pixel is the mean of all that it touches; beyond the edges all is black. */
    @Test
    void aBoxIsSeenInTheSizeOfANetwork() {
        var random = new Random(6);
        var rgb = new byte[20 * 14 * 3];
        random.nextBytes(rgb);
        var pixels = Pixels.of(Picture.of(20, 14, rgb));
        for (var box : List.of(new Box(3, 2, 14, 13, 1), new Box(-4.7, 5.9, 9.2, 19.8, 1), new Box(15, 9, 31, 25, 1))) {
            int size = 5;
            var seen = new float[3 * size * size + 2];
            pixels.see(box, size, seen, 2);
            int left = (int) box.left() - 1;
            int top = (int) box.top() - 1;
            int wide = (int) box.right() - left;
            int high = (int) box.bottom() - top;
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    for (int c = 0; c < 3; c++) {
                        double sum = 0;
                        int count = 0;
                        for (int sy = 0; sy < high; sy++) {
                            for (int sx = 0; sx < wide; sx++) {
                                if (sy * size < (y + 1) * high && (sy + 1) * size > y * high && sx * size < (x + 1)
                                        * wide && (sx + 1) * size > x * wide) {
                                    sum += level(rgb, left + sx, top + sy, c);
                                    count++;
                                }
                            }
                        }
                        assertThat((double) seen[2 + (c * size + y) * size + x]).isCloseTo((sum / count - 127.5) / 128,
                                Offset.offset(1e-6));
                    }
                }
            }
        }
    }

    private static double level(byte[] rgb, int x, int y, int channel) {
        return x < 0 || x >= 20 || y < 0 || y >= 14 ? 0 : Byte.toUnsignedInt(rgb[(y * 20 + x) * 3 + channel]);
    }
}
