package org.atelier.worker.face;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.face.Box.Overlap;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/**
 * Finds faces by the cascade of MTCNN (Zhang et al. 2016, section II-A; numbers and steps as in facenet-pytorch
 * {@code models/utils/detect_face.py}): the first network judges all windows of a pyramid of the picture, the second and
 * the third what the one before left; after each one, of windows that overlap the most probable one stays and is moved to
 * where that network saw the face. Boxes are reckoned on the host, networks run where they are.
 *
 * <p>Differs from facenet-pytorch: what lies beyond the picture's edges is black, as in the paper's code, and not left out,
 * which would stretch a face at the edge; a large picture is made smaller first, and of the windows of one size only the
 * {@value #MOST_WINDOWS} most probable go on, so that time and memory are bounded for any picture.
 */
public final class FaceFinder {
    /** A larger picture is made smaller first, so that its smallest faces are some hundredth of its width. */
    static final int MOST_PIXELS = 2_800_000;
    static final int MOST_WINDOWS = 2000;
    private static final double PYRAMID = 0.709;
    private static final int BATCH = 128;

    /** Windows that overlap more are the same: those of one size, and of all. */
    private static final double SAME_SIZE = 0.5;
    private static final double SAME = 0.7;

    private final Mtcnn network;
    private final FaceSettings settings;

    /** @param network stays the caller's */
    public FaceFinder(Mtcnn network, FaceSettings settings) {
        this.network = network;
        this.settings = settings;
    }

    /**
     * Finds the faces of a picture.
     *
     * @param picture upright: a face that is turned far is hardly found
     * @param manager lends memory for the time of the call
     * @return the largest one first
     */
    public List<Face> find(Picture picture, NDManager manager) {
        var whole = Pixels.of(picture);
        double scale = Math.min(1, Math.sqrt((double) MOST_PIXELS / ((long) whole.width() * whole.height())));
        var pixels = scale == 1
                ? whole
                : whole.resized(Math.max(1, (int) (whole.width() * scale)), Math.max(1, (int) (whole.height()
                        * scale)));
        double stepX = (double) whole.width() / pixels.width();
        double stepY = (double) whole.height() / pixels.height();
        try (var own = manager.newSubManager()) {
            return new Search(pixels, own).faces()
                    .stream()
                    // Places are those of the middles of pixels.
                    .map(face -> face.moved(point -> new Point((point.x() + 0.5) * stepX - 0.5, (point.y() + 0.5)
                            * stepY
                            - 0.5)))
                    .sorted(Comparator.comparingDouble((Face face) -> -face.area()))
                    .toList();
        }
    }

    /** What a network says of a box. */
    private record Judged(Box box, double[] edges, float[] landmarks) {}

    /** One run over one picture. */
    private final class Search {
        private final Pixels pixels;
        private final NDManager manager;

        Search(Pixels pixels, NDManager manager) {
            this.pixels = pixels;
            this.manager = manager;
        }

        List<Face> faces() {
            return located(refined(proposed()));
        }

        private List<Box> proposed() {
            var all = new ArrayList<Judged>();
            int shorter = Math.min(pixels.width(), pixels.height());
            double first = (double) Mtcnn.PROPOSED / settings.smallest();
            for (double scale = first; shorter * scale >= Mtcnn.PROPOSED; scale *= PYRAMID) {
                all.addAll(distinct(proposed(scale), Overlap.UNION, SAME_SIZE));
            }
            return distinct(all, Overlap.UNION, SAME).stream()
                    .map(judged -> judged.box.moved(judged.edges, 0).square())
                    .toList();
        }

        private List<Judged> proposed(double scale) {
            int columns = (int) (pixels.width() * scale + 1);
            int rows = (int) (pixels.height() * scale + 1);
            var output = Scope.call(() -> network.propose(HostArrays.of(manager, pixels.seen(columns, rows), new Shape(
                    1,
                    Pixels.CHANNELS, rows, columns))).toFloatArray());
            int windowColumns = windows(columns);
            int windows = output.length / Mtcnn.JUDGED;
            var found = new ArrayList<Judged>();
            for (int i = 0; i < windows; i++) {
                double probability = probability(output[i], output[windows + i]);
                if (probability >= settings.proposed()) {
                    int x = Mtcnn.STRIDE * (i % windowColumns) + 1;
                    int y = Mtcnn.STRIDE * (i / windowColumns) + 1;
                    found.add(new Judged(new Box(Math.floor(x / scale), Math.floor(y / scale), Math.floor((x
                            + Mtcnn.PROPOSED - 1) / scale), Math.floor((y + Mtcnn.PROPOSED - 1) / scale), probability),
                            new double[]{output[2 * windows + i], output[3 * windows + i], output[4 * windows + i],
                                    output[5 * windows + i]},
                            new float[0]));
                }
            }
            return found.size() <= MOST_WINDOWS
                    ? found
                    : Box.mostProbableFirst(found.stream().map(Judged::box).toList()).stream().limit(MOST_WINDOWS)
                            .map(found::get).toList();
        }

        private List<Box> refined(List<Box> boxes) {
            var found = judged(boxes, Mtcnn.REFINED, network::refine, settings.refined());
            return distinct(found, Overlap.UNION, SAME).stream()
                    .map(judged -> judged.box.moved(judged.edges, 1).square())
                    .toList();
        }

        private List<Face> located(List<Box> boxes) {
            var moved = judged(boxes, Mtcnn.LOCATED, network::locate, settings.located()).stream()
                    .map(judged -> new Located(judged.box.moved(judged.edges, 1), landmarks(judged)))
                    .toList();
            return Box.distinct(moved.stream().map(Located::box).toList(), Overlap.SMALLER, SAME).stream()
                    .map(moved::get)
                    .map(Located::face)
                    .toList();
        }

        private List<Judged> judged(List<Box> boxes, int size, UnaryOperator<NDArray> judge, double threshold) {
            var found = new ArrayList<Judged>();
            for (int start = 0; start < boxes.size(); start += BATCH) {
                var batch = boxes.subList(start, Math.min(start + BATCH, boxes.size()));
                int window = Pixels.CHANNELS * size * size;
                var values = new float[batch.size() * window];
                for (int i = 0; i < batch.size(); i++) {
                    pixels.see(batch.get(i), size, values, i * window);
                }
                var output = Scope.call(() -> judge.apply(HostArrays.of(manager, values, new Shape(batch.size(),
                        Pixels.CHANNELS, size, size))).toFloatArray());
                int numbers = output.length / batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    int at = i * numbers;
                    double probability = probability(output[at], output[at + 1]);
                    if (probability > threshold) {
                        found.add(new Judged(batch.get(i).with(probability), new double[]{output[at + 2], output[at
                                + 3], output[at + 4], output[at + 5]}, Arrays.copyOfRange(output, at
                                        + Mtcnn.JUDGED, at + numbers)));
                    }
                }
            }
            return found;
        }
    }

    /** A box after its last move, with what the last network found in it. */
    private record Located(Box box, FiveLandmarks landmarks) {
        /** Pixels of pictures are counted from 0. */
        Face face() {
            return new Face(box.left() - 1, box.top() - 1, box.right() - 1, box.bottom() - 1, box.probability(),
                    landmarks);
        }
    }

    private static FiveLandmarks landmarks(Judged judged) {
        var box = judged.box;
        return FiveLandmarks.of(IntStream.range(0, FiveLandmarks.COUNT).mapToObj(i -> new Point(judged.landmarks[i]
                * (box.right() - box.left() + 1) + box.left() - 1, judged.landmarks[FiveLandmarks.COUNT + i] * (box
                        .bottom() - box.top() + 1) + box.top() - 1)).toList());
    }

    private static List<Judged> distinct(List<Judged> found, Overlap overlap, double limit) {
        return Box.distinct(found.stream().map(Judged::box).toList(), overlap, limit).stream().map(found::get).toList();
    }

    /** How many windows the first network sees along an axis; its pooling may reach over the edge. */
    private static int windows(int pixels) {
        return Math.ceilDiv(pixels - 2, Mtcnn.STRIDE) - 4;
    }

    /** Softmax of two logits. */
    private static double probability(double noFace, double face) {
        return 1 / (1 + Math.exp(noFace - face));
    }
}
