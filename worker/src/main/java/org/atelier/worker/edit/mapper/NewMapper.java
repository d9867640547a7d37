package org.atelier.worker.edit.mapper;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.MapperTrainRequest.Level;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.HostWeights;
import org.atelier.worker.nn.mapper.LatentMapper.Levels;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;

/**
 * The weights of a mapper before its training (StyleCLIP {@code mapper/latent_mappers.py}): normal ones divided by the
 * learning-rate multiplier, and biases of zero.
 */
final class NewMapper extends HostWeights {
    /** Layers of a stack, which count from 1: before them comes the normalisation. */
    private static final int LAYERS = 4;
    /** Of the layers: 1 divided by their learning-rate multiplier of 0.01. */
    private static final float DEVIATION = 100;

    private final RandomState random;

    private NewMapper(long seed) {
        this.random = new RandomState(seed);
    }

    /**
     * Those that a request asks for.
     *
     * @throws JobException INVALID_REQUEST if the mapper would have nothing to move
     */
    static NewMapper of(MapperTrainRequest request, Generator generator, Levels levels) {
        var weights = new NewMapper(request.seed());
        switch (request.kind()) {
            case LEVELS -> {
                weights.addLevel(request, Level.COARSE, "course", true, generator);
                weights.addLevel(request, Level.MEDIUM, "medium", generator.rows() > levels.medium(), generator);
                weights.addLevel(request, Level.FINE, "fine", generator.rows() > levels.fine(), generator);
            }
            case SINGLE -> weights.add("mapping", generator.wSize());
            case STYLESPACE -> weights.addStyles(generator, Set.copyOf(styleWidths(generator).keySet()));
            case STYLESPACE_NO_RGB -> weights.addStyles(generator, Set.copyOf(generator.shapingLayers()));
        }
        if (weights.names().isEmpty()) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "With " + request.freeze()
                    + " frozen the mapper has nothing to move: this generator has " + generator.rows() + " rows.");
        }
        return weights;
    }

    private void addLevel(MapperTrainRequest request, Level level, String name, boolean hasRows,
            Generator generator) {
        if (hasRows && !request.freeze().contains(level)) {
            add(name + "_mapping", generator.wSize());
        }
    }

    private void addStyles(Generator generator, Set<String> layers) {
        int index = 0;
        for (var style : styleWidths(generator).entrySet()) {
            if (layers.contains(style.getKey())) {
                add("mapper_" + index, style.getValue());
            }
            index++;
        }
    }

    /** Channels of the style of every layer. */
    static Map<String, Long> styleWidths(Generator generator) {
        return Scope.call(() -> {
            var widths = new LinkedHashMap<String, Long>();
            generator.styles(generator.truncate(generator.meanLatent().expandDims(0), 1, 0)).forEach((layer,
                    style) -> widths.put(layer, style.getShape().get(1)));
            return widths;
        });
    }

    private void add(String stack, long width) {
        for (int layer = 1; layer <= LAYERS; layer++) {
            var name = "mapper." + stack + ".mapping." + layer;
            var weight = random.randnFloat(Math.toIntExact(width * width));
            for (int i = 0; i < weight.length; i++) {
                weight[i] *= DEVIATION;
            }
            put(name + ".weight", weight, width, width);
            put(name + ".bias", new float[Math.toIntExact(width)], width);
        }
    }
}
