package org.atelier.worker.nn;

import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/** A style-based generator: z becomes w, w becomes the rows of w+, those become styles, and styles become a picture. */
public interface Generator extends Network {
    /** Makes w of z. */
    MappingNetwork mapping();

    /** Size of z. */
    default int zSize() {
        return mapping().form().zSize();
    }

    /** Size of the label of a conditional generator ({@code c_dim}); 0: it is not conditional. */
    default int labelSize() {
        return mapping().form().labelSize();
    }

    /** Size of w. */
    default int wSize() {
        return mapping().form().wSize();
    }

    /** Rows of w+. */
    int rows();

    /** Width and height of a picture, in pixels. */
    int resolution();

    /**
     * The mapping network.
     *
     * @param z [N, Z]
     * @return w [N, C]
     * @throws IllegalArgumentException if the generator is conditional
     */
    default NDArray map(NDArray z) {
        return mapping().map(z);
    }

    /**
     * The mapping network of a conditional generator.
     *
     * @param z     [N, Z]
     * @param label [N, {@link #labelSize}], usually one-hot
     * @return w [N, C]
     * @throws IllegalArgumentException if the generator is not conditional
     */
    default NDArray map(NDArray z, NDArray label) {
        return mapping().map(z, label);
    }

    /** The mean w that was tracked in training: [C], the network's own array. */
    default NDArray meanLatent() {
        return mapping().mean();
    }

    /**
     * The style of every layer (StyleSpace), before any gain.
     *
     * @param wPlus [N, L, C]
     * @return by layer, in the order in which they act: [N, channels of the layer's input]; a StyleGAN has a scale and a
     *         shift for each channel of its output instead, [N, 2 O], and the input layer of a StyleGAN3 [N, 4]
     */
    Map<String, NDArray> styles(NDArray wPlus);

    /**
     * The layers whose styles shape what a picture shows: all but those that only mix colours (toRGB) and the input of a
     * StyleGAN3, which is the pose. These are what edits in StyleSpace change (StyleCLIP {@code SplitS}).
     *
     * @return some of the names in {@link #styles}, in their order
     */
    List<String> shapingLayers();

    /**
     * Draws pictures.
     *
     * @param styles as {@link #styles} gives them
     * @param noise  per-pixel noise; generators without it ignore it
     * @param tap    sees the output of every layer
     * @return [N, 3, H, W], nominally in -1..1 and not clamped
     */
    NDArray render(Map<String, NDArray> styles, Noise noise, Tap tap);

    /** Whether it can draw a picture elsewhere in its frame: a StyleGAN3 can. */
    default boolean places() {
        return false;
    }

    /**
     * The styles that draw the same pictures elsewhere in their frame.
     *
     * @param styles     as {@link #styles} gives them, for N pictures
     * @param placements one for each of the N, or one for all
     * @throws UnsupportedOperationException if the generator {@link #places() cannot}
     */
    default Map<String, NDArray> placed(Map<String, NDArray> styles, List<Placement> placements) {
        if (placements.stream().allMatch(Placement::isNone)) {
            return styles;
        }
        throw new UnsupportedOperationException("only a StyleGAN3 draws a picture elsewhere in its frame");
    }

    /**
     * Fresh noise maps.
     *
     * @param random  where they come from
     * @param manager owns them
     */
    Noise noise(RandomState random, NDManager manager);

    /**
     * Draws pictures.
     *
     * @param wPlus [N, L, C]
     * @param noise per-pixel noise
     * @return [N, 3, H, W], nominally in -1..1 and not clamped
     */
    default NDArray render(NDArray wPlus, Noise noise) {
        return Scope.compute(() -> render(styles(wPlus), noise, Tap.NONE));
    }

    /**
     * Repeats w for every row, the first rows truncated (StyleGAN, section 2.2 of its supplement).
     *
     * @param w      [N, C]
     * @param psi    1 leaves w as it is, 0 gives the mean latent
     * @param cutoff how many of the first rows are truncated
     * @return w+ [N, L, C]
     */
    default NDArray truncate(NDArray w, double psi, int cutoff) {
        Shapes.require("w [N, C]", w, Shapes.ANY, wSize());
        return Scope.compute(() -> {
            var all = w.expandDims(1).repeat(1, rows());
            if (psi == 1 || cutoff == 0) {
                return all;
            }
            var truncated = Scalars.mul(w.sub(meanLatent()), psi).add(meanLatent()).expandDims(1);
            return cutoff >= rows()
                    ? truncated.repeat(1, rows())
                    : NDArrays.concat(new NDList(truncated.repeat(1, cutoff), all.get(":, " + cutoff + ":")), 1);
        });
    }
}
