package org.atelier.worker.nn.mtcnn;

import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.face.PRelu;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * The three networks of MTCNN (Zhang et al. 2016, "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional
 * Networks", figure 2) in the layout of facenet-pytorch's {@code pnet.pt}, {@code rnet.pt} and {@code onet.pt}, whose
 * names stand here behind {@code pnet.}, {@code rnet.} and {@code onet.}. Each judges windows: a small one runs over a
 * whole picture, the two larger ones see what is left.
 *
 * <p>Pictures are in {@link #normalize -1..1}. What a network says of a window are 6 or 16 numbers: two logits (no face, a
 * face); how far left, top, right and bottom edge of the face lie from the window's, in sides of the window; and from the
 * last one x of five landmarks and then y of them, from the window's top left corner, in sides of it: left eye and right
 * eye as seen in the picture, nose, left and right corner of the mouth.
 */
public final class Mtcnn extends LoadedNetwork {
    /** Width and height of the windows of the three networks. */
    public static final int PROPOSED = 12;
    public static final int REFINED = 24;
    public static final int LOCATED = 48;
    /** Distance of the first network's windows, in pixels. */
    public static final int STRIDE = 2;
    /** Logits and edges of a window. */
    public static final int JUDGED = 6;
    /** Landmarks of a face. */
    public static final int LANDMARKS = 5;

    private static final float MIDDLE = 127.5f;
    private static final float RANGE = 128;

    private final FeatureLayers proposal;
    private final Head proposedFaces;
    private final Head proposedEdges;
    private final WindowNetwork refinement;
    private final WindowNetwork location;

    private Mtcnn(WeightLoader loader) {
        super(loader);
        var first = loader.in("pnet");
        this.proposal = new FeatureLayers(first, List.of(new FeatureLayers.Form(10, 3, 2), new FeatureLayers.Form(16, 3,
                0), new FeatureLayers.Form(32, 3, 0)));
        this.proposedFaces = Head.load(first.in("conv4_1"), 2);
        this.proposedEdges = Head.load(first.in("conv4_2"), 4);
        this.refinement = new WindowNetwork(loader.in("rnet"), List.of(new FeatureLayers.Form(28, 3, 3),
                new FeatureLayers.Form(48, 3, 3), new FeatureLayers.Form(64, 2, 0)), 3, 128, List.of(2, 4));
        this.location = new WindowNetwork(loader.in("onet"), List.of(new FeatureLayers.Form(32, 3, 3),
                new FeatureLayers.Form(64, 3, 3), new FeatureLayers.Form(64, 3, 2), new FeatureLayers.Form(128, 2, 0)),
                3,
                256, List.of(2, 4, 2 * LANDMARKS));
    }

    /** A convolution of single pixels. */
    private record Head(NDArray weight, NDArray bias) {
        private static final int FEATURES = 32;

        static Head load(WeightLoader loader, int outputs) {
            return new Head(loader.take("weight", outputs, FEATURES, 1, 1), loader.take("bias", outputs));
        }

        NDArray apply(NDArray x) {
            return Convolution.conv2d(x, weight, bias, 1, 0);
        }
    }

    /** The second and the third network: they see one window. */
    private static final class WindowNetwork {
        private final FeatureLayers features;
        private final LinearLayer dense;
        private final PRelu activation;
        private final List<LinearLayer> heads;

        /**
         * Loads the network.
         *
         * @param grid  width and height of what the convolutions leave of a window
         * @param width of the fully connected layer
         * @param heads numbers that each of the layers after that gives
         */
        WindowNetwork(WeightLoader loader, List<FeatureLayers.Form> convolutions, int grid, int width,
                List<Integer> heads) {
            int layer = convolutions.size() + 1;
            this.features = new FeatureLayers(loader, convolutions);
            this.dense = LinearLayer.load(loader.in("dense" + layer), (long) grid * grid * convolutions.getLast()
                    .outputs(), width);
            this.activation = new PRelu(loader.in("prelu" + layer), width);
            this.heads = IntStream.range(0, heads.size())
                    .mapToObj(i -> LinearLayer.load(loader.in("dense" + (layer + 1) + "_" + (i + 1)), width, heads.get(
                            i)))
                    .toList();
        }

        NDArray apply(NDArray windows) {
            long n = windows.getShape().get(0);
            // The linear layer was trained by Caffe's MATLAB interface, which has width, height, channels.
            var flat = features.apply(windows).transpose(0, 3, 2, 1).reshape(n, -1);
            var x = dense.apply(flat);
            var active = activation.apply(x.reshape(n, -1, 1, 1)).reshape(n, -1);
            return NDArrays.concat(new NDList(heads.stream().map(head -> head.apply(active)).toList()), 1);
        }
    }

    /**
     * Builds the networks.
     *
     * @param weights in facenet-pytorch's names behind {@code pnet.}, {@code rnet.} and {@code onet.}
     * @throws org.atelier.worker.nn.WeightMismatchException if they are not those of MTCNN
     */
    public static Mtcnn load(Weights weights, TensorEngine engine) {
        return WeightLoader.load("an MTCNN face detector", weights, engine, Mtcnn::new);
    }

    /** A channel of a pixel as the networks take it: {@code (x - 127.5) / 128}. */
    public static float normalize(float level) {
        return (level - MIDDLE) / RANGE;
    }

    /**
     * Judges every window of a picture.
     *
     * @param picture [1, 3, H, W], at least {@value #PROPOSED} pixels each
     * @return [1, 6, H', W']: the window in row i and column k begins in row 2i and column 2k
     */
    public NDArray propose(NDArray picture) {
        Shapes.require("picture [1, 3, H, W]", picture, Shapes.ANY, 3, Shapes.ANY, Shapes.ANY);
        return Scope.compute(() -> {
            var features = proposal.apply(picture);
            return NDArrays.concat(new NDList(proposedFaces.apply(features), proposedEdges.apply(features)), 1);
        });
    }

    /**
     * Judges windows more closely.
     *
     * @param windows [N, 3, 24, 24]
     * @return [N, 6]
     */
    public NDArray refine(NDArray windows) {
        Shapes.require("windows [N, 3, 24, 24]", windows, Shapes.ANY, 3, REFINED, REFINED);
        return Scope.compute(() -> refinement.apply(windows));
    }

    /**
     * Judges windows most closely, and finds the landmarks.
     *
     * @param windows [N, 3, 48, 48]
     * @return [N, 16]
     */
    public NDArray locate(NDArray windows) {
        Shapes.require("windows [N, 3, 48, 48]", windows, Shapes.ANY, 3, LOCATED, LOCATED);
        return Scope.compute(() -> location.apply(windows));
    }
}
