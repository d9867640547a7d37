package org.atelier.worker.edit.mapper;

import java.util.List;
import java.util.Optional;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.nn.mapper.LatentMapper;
import org.atelier.worker.nn.mapper.LatentMapper.Levels;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.nn.mapper.StyleSpaceMapper;
import org.jspecify.annotations.Nullable;

/**
 * A mapper from a file, made sure to fit a generator.
 *
 * @param network moves latents
 * @param card    what its file says about it; empty for a published one
 */
record TrainedMapper(Mapper network, Optional<MapperCard> card) implements AutoCloseable {
    /**
     * Reads a file that training made, or {@code models import} of a published one.
     *
     * @param file     safetensors
     * @param networks whose generator it is to move; another version of its bundle will do, and a tuned one
     * @throws JobException INPUT_UNREADABLE if it is no mapper, or made for a generator of another shape
     */
    static TrainedMapper read(byte[] file, BundleNetworks networks) {
        try (var weights = SafetensorsFile.of("the mapper", file)) {
            var card = MapperCard.of(weights.metadata());
            var mapper = new TrainedMapper(Mapper.load(card.map(MapperCard::levels).orElseGet(() -> levels(networks)),
                    weights, networks.engine()), card);
            try {
                mapper.requireFits(networks);
                return mapper;
            } catch (RuntimeException e) {
                mapper.close();
                throw e;
            }
        } catch (RefusedFileException | IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The mapper cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where the levels of a mapper meet that does not say it. */
    static Levels levels(BundleNetworks networks) {
        return networks.card().generator().architecture().equals("stylegan3") ? Levels.STYLEGAN3 : Levels.STYLEGAN2;
    }

    private void requireFits(BundleNetworks networks) {
        var generator = networks.generator();
        switch (network) {
            case LatentMapper latent -> {
                if (latent.width() != generator.wSize()) {
                    throw unfit(networks, "latents of width " + latent.width(), generator.wSize() + " wide ones");
                }
                card.filter(made -> made.rows() != generator.rows()).ifPresent(made -> {
                    throw unfit(networks, "latents of " + made.rows() + " rows", generator.rows() + " rows");
                });
            }
            case StyleSpaceMapper space -> {
                var widths = List.copyOf(NewMapper.styleWidths(generator).values());
                space.widths().forEach((style, width) -> {
                    if (style >= widths.size()) {
                        throw unfit(networks, "at least " + (style + 1) + " styles", widths.size() + " styles");
                    }
                    if (!widths.get(style).equals(width)) {
                        throw unfit(networks, width + " channels in style " + style, widths.get(style) + " there");
                    }
                });
            }
        }
    }

    private JobException unfit(BundleNetworks networks, String made, String has) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, "The mapper was made for " + made + card.map(
                known -> " (" + known.bundle() + ")").orElse("") + ", but " + networks.card().reference() + " has "
                + has
                + ". Use it with the bundle that it was made for, or train one for this bundle.");
    }

    /**
     * How far it moves latents.
     *
     * @param factor   to be used instead of its own; null: its own
     * @param strength 1 is as in training
     */
    MapperMove.Reach reach(@Nullable Double factor, double strength) {
        double own = card.map(MapperCard::factor).orElse(MapperTrainRequest.FACTOR);
        return new MapperMove.Reach(factor == null ? own : factor, card.map(MapperCard::maxDelta).orElse(null),
                strength);
    }

    @Override
    public void close() {
        network.close();
    }
}
