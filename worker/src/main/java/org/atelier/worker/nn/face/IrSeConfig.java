package org.atelier.worker.nn.face;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.Weights;

/**
 * The sizes of an improved ResNet with squeeze-and-excitation, as InsightFace has them.
 *
 * @param input     width and height of its pictures
 * @param stages    one after the other
 * @param embedding numbers that a picture becomes; 0 where the network ends with its body
 */
public record IrSeConfig(int input, List<Stage> stages, int embedding) {
    /**
     * Units of one width.
     *
     * @param inputs  channels before the first unit, which halves the picture
     * @param outputs channels after it and in all others
     * @param units   how many
     */
    public record Stage(int inputs, int outputs, int units) {}

    /** Reads a configuration as bundles have it: {@code input}, {@code stages} and {@code embedding}. */
    public static IrSeConfig of(JsonNode config) {
        var stages = config.path("stages").valueStream()
                .map(stage -> new Stage(stage.path(0).asInt(), stage.path(1).asInt(), stage.path(2).asInt()))
                .toList();
        return new IrSeConfig(config.path("input").asInt(), stages, config.path("embedding").asInt());
    }

    /**
     * Infers the sizes from the shapes of the weights.
     *
     * @throws IllegalArgumentException if these are not the weights of such a network
     */
    public static IrSeConfig infer(Weights weights) {
        var stages = stages(weights, "");
        var head = Optional.of("output_layer.3.weight")
                .filter(weights.names()::contains)
                .map(weights::shape)
                .orElseThrow(() -> new IllegalArgumentException("an identity network has output_layer.3.weight"));
        int grid = (int) Math.round(Math.sqrt((double) size(head, 1) / stages.getLast().outputs()));
        return new IrSeConfig(grid << stages.size(), stages, size(head, 0));
    }

    /**
     * Infers the stages of a body from the shapes of its weights. A stage begins where the width changes: the first unit,
     * and every one with a shortcut of its own.
     *
     * @param prefix of the names, empty or with a dot at its end
     * @throws IllegalArgumentException if there is no such body
     */
    public static List<Stage> stages(Weights weights, String prefix) {
        var stages = new ArrayList<Stage>();
        for (int unit = 0; weights.names().contains(prefix + unitPrefix(unit) + "res_layer.1.weight"); unit++) {
            var kernel = weights.shape(prefix + unitPrefix(unit) + "res_layer.1.weight");
            boolean first = unit == 0 || weights.names().contains(prefix + unitPrefix(unit)
                    + "shortcut_layer.0.weight");
            var stage = first
                    ? new Stage(size(kernel, 1), size(kernel, 0), 1)
                    : new Stage(stages.getLast().inputs(), size(kernel, 0), stages.removeLast().units() + 1);
            stages.add(stage);
        }
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("an IR-SE body has " + prefix + "body.0.res_layer.1.weight");
        }
        return List.copyOf(stages);
    }

    private static String unitPrefix(int unit) {
        return "body." + unit + ".";
    }

    private static int size(Shape shape, int axis) {
        return Math.toIntExact(shape.get(axis));
    }

    /** Channels after the body. */
    public int features() {
        return stages.getLast().outputs();
    }

    /** Width and height of the feature map after the body. */
    int grid() {
        return input >> stages.size();
    }
}
