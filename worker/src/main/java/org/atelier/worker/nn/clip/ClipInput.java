package org.atelier.worker.nn.clip;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Resampling;
import org.atelier.worker.tensor.Scope;

/**
 * Prepares a generator's pictures for CLIP: resize, then one affine map for each colour.
 *
 * <p>StyleCLIP enlarges a picture seven times and pools it to 224 pixels ({@code criteria/clip_loss.py}); the exact box
 * resize is the same map without the large picture in between.
 */
public final class ClipInput implements AutoCloseable {
    private static final int COLOURS = 3;

    private final NDManager manager;
    private final Resampling resize;
    private final NDArray gain;
    private final NDArray bias;

    /** How a picture changes its size. */
    public enum Resize {
        /** By means over what a pixel covers: StyleCLIP. */
        BOX {
            @Override
            AxisFilter filter(int from, int to) {
                return AxisFilter.box(from, to);
            }
        },
        /** By cubic interpolation without antialiasing: StyleGAN-NADA, which does it on tensors. */
        BICUBIC {
            @Override
            AxisFilter filter(int from, int to) {
                return AxisFilter.bicubic(from, to, AxisFilter.Ends.EDGES);
            }
        };

        abstract AxisFilter filter(int from, int to);
    }

    /**
     * What is done with a picture in -1..1.
     *
     * @param unit   whether it is brought to 0..1 first
     * @param resize how it becomes as large as CLIP's input
     * @param mean   subtracted after that, by colour
     * @param std    divided by after that, by colour
     */
    public record Recipe(boolean unit, Resize resize, List<Double> mean, List<Double> std) {
        /** StyleCLIP: the picture as it is. */
        public static final Recipe STYLECLIP = new Recipe(false, Resize.BOX, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0,
                1.0));
        /** OpenAI's CLIP as StyleGAN-NADA uses it, on numbers instead of bytes ({@code criteria/clip_loss.py}). */
        public static final Recipe NADA = new Recipe(true, Resize.BICUBIC, List.of(0.48145466, 0.4578275, 0.40821073),
                List.of(0.26862954, 0.26130258, 0.27577711));

        /**
         * Reads the recipe of a bundle's card.
         *
         * @throws IllegalArgumentException if it wants something that is not supported
         */
        public static Recipe of(JsonNode preprocess) {
            var name = preprocess.path("resize").asText("box");
            var resize = Arrays.stream(Resize.values())
                    .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "CLIP's pictures are resized by \"box\" or \"bicubic\", not by: " + name));
            return new Recipe(preprocess.path("range").path(0).asDouble(-1) == 0, resize, numbers(preprocess.path(
                    "mean"), 0),
                    numbers(preprocess.path("std"), 1));
        }

        private static List<Double> numbers(JsonNode array, double absent) {
            return array.isArray()
                    ? array.valueStream().map(JsonNode::asDouble).toList()
                    : List.of(absent, absent, absent);
        }
    }

    /**
     * Prepares for one size of picture.
     *
     * @param from    width and height of the pictures
     * @param to      width and height that CLIP sees
     * @param manager parent of the arrays that this owns
     */
    public ClipInput(Recipe recipe, int from, int to, NDManager manager) {
        this.manager = manager.newSubManager();
        this.resize = Resampling.square(recipe.resize.filter(from, to), this.manager);
        var gains = new float[COLOURS];
        var biases = new float[COLOURS];
        for (int c = 0; c < COLOURS; c++) {
            double scale = recipe.unit ? 0.5 : 1;
            double shift = recipe.unit ? 0.5 : 0;
            gains[c] = (float) (scale / recipe.std.get(c));
            biases[c] = (float) ((shift - recipe.mean.get(c)) / recipe.std.get(c));
        }
        this.gain = HostArrays.of(this.manager, gains, new Shape(1, COLOURS, 1, 1));
        this.bias = HostArrays.of(this.manager, biases, new Shape(1, COLOURS, 1, 1));
    }

    /**
     * Prepares pictures.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N, 3, R, R]
     */
    public NDArray apply(NDArray images) {
        return Scope.compute(() -> resize.apply(images).mul(gain).add(bias));
    }

    @Override
    public void close() {
        manager.close();
    }
}
