package org.atelier.worker.nn.mapper;

import org.atelier.worker.nn.Network;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.TensorEngine;

/**
 * A network that says how a latent is to move. What it gives is multiplied by a factor, which no published file holds,
 * and added to the latent by whoever uses it: StyleCLIP has {@link #FACTOR}.
 */
public sealed interface Mapper extends Network permits LatentMapper, StyleSpaceMapper {
    /** StyleCLIP {@code mapper/training/coach.py}; seed and editing code for StyleGAN3 have 1. */
    double FACTOR = 0.1;

    /**
     * Builds the mapper whose weights these are; which of the kinds it is, and how wide and deep, is read from names and
     * shapes.
     *
     * @param levels of a mapper by levels; the other kinds have none
     * @throws IllegalArgumentException                          if these are no mapper's weights
     * @throws org.atelier.worker.nn.WeightMismatchException if some are missing or misshapen
     */
    static Mapper load(LatentMapper.Levels levels, Weights weights, TensorEngine engine) {
        var named = MapperWeights.of(weights);
        return named.names().stream().anyMatch(StyleSpaceMapper::isWeight)
                ? StyleSpaceMapper.load(named, engine)
                : LatentMapper.load(levels, named, engine);
    }
}
