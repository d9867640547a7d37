package org.atelier.worker.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.OptimizeRequest.Goal;
import org.atelier.common.job.Reduction;
import org.atelier.common.job.Rows;
import org.atelier.common.job.Source;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.mapper.LatentMapper.Levels;
import org.atelier.worker.nn.stylegan3.StyleGan3Generator;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** The latent that an optimisation moves, in the space of its request: what changes, and what follows from that. */
sealed interface EditedLatent {
    /** What changes, by the name of its tensor in the latent's file; changed in place. */
    Map<String, NDArray> parameters();

    /**
     * What the generator draws.
     *
     * @param parameters in place of {@link #parameters}
     * @return by layer, see {@link Generator#styles}
     */
    Map<String, NDArray> styles(Map<String, NDArray> parameters);

    /**
     * How far the latent is from its start, in its own space.
     *
     * @param parameters in place of {@link #parameters}
     * @return []
     */
    NDArray distance(Map<String, NDArray> parameters, Reduction reduction);

    /** The latent as it is now, as a file that jobs can start from. */
    Product file(String name);

    /** A value for each parameter, from elsewhere. */
    default void assign(Map<String, NDArray> values) {
        parameters().forEach((name, parameter) -> InPlace.assign(parameter, values.get(name)));
    }

    /**
     * The latent at the start of a request.
     *
     * @param placed  writes its files
     * @param manager owns its arrays
     * @throws JobException INVALID_REQUEST if the source or the rows do not fit the space, INPUT_UNREADABLE if the source
     *                      cannot be read
     */
    static EditedLatent start(OptimizeRequest request, Generator generator, Latents latents, Placed placed,
            NDManager manager) {
        var rows = RowRange.of(request.rows(), generator);
        return switch (request.space()) {
            case S -> InStyles.start(request, rows, generator, latents, placed, manager);
            case Z -> {
                var z = latents.z(source(request), request.truncation(), manager);
                yield new InRows(LatentSpace.Z, z.truncated(), rows, generator, placed, Scope
                        .computeFor(manager, z.z()::duplicate), Scope.computeFor(manager, () -> z.toWPlus(z.z(),
                                generator)), manager);
            }
            case W -> {
                var wPlus = Scope.computeFor(manager, () -> wPlus(request, latents, manager));
                yield new InRows(LatentSpace.W, Latents.Truncated.NOT, rows, generator, placed, Scope.computeFor(
                        manager,
                        () -> sameInAllRows(wPlus)), wPlus, manager);
            }
            case W_PLUS -> {
                var wPlus = Scope.computeFor(manager, () -> wPlus(request, latents, manager));
                yield new InRows(LatentSpace.W_PLUS, Latents.Truncated.NOT, rows, generator, placed, Scope.computeFor(
                        manager, wPlus::duplicate), wPlus, manager);
            }
        };
    }

    private static Source source(OptimizeRequest request) {
        if (request.source() == null) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "This edit needs a source: a seed or a latent.");
        }
        return request.source();
    }

    private static NDArray wPlus(OptimizeRequest request, Latents latents, NDManager manager) {
        return request.source() == null && request.goal() == Goal.FREE_GENERATION
                ? latents.mean()
                : latents.resolve(source(request), request.truncation(), manager);
    }

    private static NDArray sameInAllRows(NDArray wPlus) {
        var first = wPlus.get(":, 0");
        if (wPlus.sub(first.expandDims(1)).abs().max().getFloat() != 0) {
            throw new JobException(ErrorCategory.INVALID_REQUEST,
                    "The source has another w in each row, space w has one for all. Take space w+.");
        }
        return first.duplicate();
    }

    /**
     * Rows that may change.
     *
     * @param from  the first
     * @param to    behind the last
     * @param count of the generator
     */
    record RowRange(int from, int to, int count) {
        static RowRange of(@Nullable Rows rows, Generator generator) {
            int count = generator.rows();
            if (rows == null) {
                return new RowRange(0, count, count);
            }
            var range = rows.level() == null
                    ? new RowRange(rows.from() == null ? 0 : rows.from(), rows.to() == null ? count : rows.to(), count)
                    : ofLevel(rows, generator);
            if (range.from >= range.to || range.to > count) {
                throw new JobException(ErrorCategory.INVALID_REQUEST, "This edit may change the rows " + range.from
                        + " to before " + range.to + ", but the generator has " + count + " rows.");
            }
            return range;
        }

        private static RowRange ofLevel(Rows rows, Generator generator) {
            var levels = generator instanceof StyleGan3Generator ? Levels.STYLEGAN3 : Levels.STYLEGAN2;
            int count = generator.rows();
            return switch (rows.level()) {
                case COARSE -> new RowRange(0, Math.min(levels.medium(), count), count);
                case MEDIUM -> new RowRange(levels.medium(), Math.min(levels.fine(), count), count);
                case FINE -> new RowRange(levels.fine(), count, count);
            };
        }

        boolean isAll() {
            return from == 0 && to == count;
        }

        /** 1 for rows that may change, 0 for others: [1, L, 1]. */
        NDArray mask(NDManager manager) {
            var mask = new float[count];
            for (int row = from; row < to; row++) {
                mask[row] = 1;
            }
            return HostArrays.of(manager, mask, new Shape(1, count, 1));
        }
    }

    /** z, w or w+: one array, of which some rows follow. */
    final class InRows implements EditedLatent {
        private final LatentSpace space;
        private final Latents.Truncated truncated;
        private final RowRange rows;
        private final Generator generator;
        private final Placed placed;
        private final NDArray latent;
        private final NDArray startLatent;
        private final NDArray startWPlus;
        private final NDArray mask;
        private final NDArray startElsewhere;

        InRows(LatentSpace space, Latents.Truncated truncated, RowRange rows, Generator generator, Placed placed,
                NDArray latent, NDArray startWPlus, NDManager manager) {
            this.space = space;
            this.truncated = truncated;
            this.rows = rows;
            this.generator = generator;
            this.placed = placed;
            this.latent = latent;
            this.startLatent = Scope.computeFor(manager, latent::duplicate);
            this.startWPlus = startWPlus;
            this.mask = Scope.computeFor(manager, () -> rows.mask(manager));
            this.startElsewhere = Scope.computeFor(manager, () -> startWPlus.mul(mask.neg().add(1)));
        }

        @Override
        public Map<String, NDArray> parameters() {
            return Map.of(space.wireName(), latent);
        }

        private NDArray wPlus(NDArray moved) {
            // Not computed in a scope of its own: it may be the parameter itself, which outlives the step.
            var all = switch (space) {
                case Z -> generator.truncate(generator.map(moved), truncated.psi(), truncated.cutoff());
                case W -> generator.truncate(moved, 1, 0);
                case W_PLUS, S -> moved;
            };
            return rows.isAll() ? all : all.mul(mask).add(startElsewhere);
        }

        @Override
        public Map<String, NDArray> styles(Map<String, NDArray> parameters) {
            return generator.styles(wPlus(parameters.get(space.wireName())));
        }

        @Override
        public NDArray distance(Map<String, NDArray> parameters, Reduction reduction) {
            var moved = parameters.get(space.wireName());
            return space == LatentSpace.W_PLUS
                    ? LatentDistance.between(wPlus(moved), startWPlus, reduction)
                    : LatentDistance.between(moved, startLatent, reduction);
        }

        /** Where some rows do not follow, the result is one of w+. */
        @Override
        public Product file(String name) {
            return rows.isAll()
                    ? placed.file(name, space, parameters(), truncated)
                    : Scope.call(() -> placed.file(name, wPlus(latent)));
        }
    }

    /** StyleSpace: an array a layer, of which some do not change. */
    final class InStyles implements EditedLatent {
        private final Placed placed;
        private final Map<String, NDArray> start;
        private final Map<String, NDArray> moving;

        private InStyles(Placed placed, Map<String, NDArray> start, Map<String, NDArray> moving) {
            this.placed = placed;
            this.start = start;
            this.moving = moving;
        }

        static InStyles start(OptimizeRequest request, RowRange rows, Generator generator, Latents latents,
                Placed placed, NDManager manager) {
            var start = new LinkedHashMap<String, NDArray>();
            var moving = new TreeMap<String, NDArray>();
            Scope.run(() -> {
                var styles = request.source() == null && request.goal() == Goal.FREE_GENERATION
                        ? generator.styles(latents.mean())
                        : latents.styles(source(request), request.truncation(), manager);
                var layers = movingLayers(request, rows, generator, styles, manager);
                styles.forEach((layer, style) -> {
                    start.put(layer, Scope.computeFor(manager, style::duplicate));
                    if (layers.contains(layer)) {
                        moving.put(Latents.STYLE + layer, Scope.computeFor(manager, style::duplicate));
                    }
                });
            });
            if (moving.isEmpty()) {
                throw new JobException(ErrorCategory.INVALID_REQUEST, "No layer's style may change in these rows.");
            }
            return new InStyles(placed, start, moving);
        }

        /** The input of a StyleGAN3 is a pose and stays; toRGB layers change only if they are asked to. */
        private static Set<String> movingLayers(OptimizeRequest request, RowRange rows, Generator generator,
                Map<String, NDArray> styles, NDManager manager) {
            var layers = new TreeSet<>(request.toRgb() && !(generator instanceof StyleGan3Generator)
                    ? styles.keySet()
                    : generator.shapingLayers());
            if (request.toRgb() && generator instanceof StyleGan3Generator) {
                layers.add(List.copyOf(styles.keySet()).getLast());
            }
            if (!rows.isAll()) {
                layers.retainAll(followers(rows, generator, manager));
            }
            return layers;
        }

        /** Layers whose style follows from one of the rows: those that change with it. */
        private static Set<String> followers(RowRange rows, Generator generator, NDManager manager) {
            return Scope.call(() -> {
                var nothing = manager.zeros(new Shape(1, rows.count, generator.wSize()));
                var before = generator.styles(nothing);
                var after = generator.styles(nothing.add(rows.mask(manager)));
                return before.keySet().stream()
                        .filter(layer -> after.get(layer).sub(before.get(layer)).abs().max().getFloat() > 0)
                        .collect(Collectors.toSet());
            });
        }

        @Override
        public Map<String, NDArray> parameters() {
            return moving;
        }

        @Override
        public Map<String, NDArray> styles(Map<String, NDArray> parameters) {
            var styles = new LinkedHashMap<String, NDArray>();
            start.forEach((layer, style) -> styles.put(layer, parameters.getOrDefault(Latents.STYLE + layer, style)));
            return styles;
        }

        @Override
        public NDArray distance(Map<String, NDArray> parameters, Reduction reduction) {
            var now = new ArrayList<NDArray>();
            var before = new ArrayList<NDArray>();
            parameters.forEach((name, style) -> {
                now.add(style);
                before.add(start.get(name.substring(Latents.STYLE.length())));
            });
            return LatentDistance.between(now, before, reduction);
        }

        @Override
        public Product file(String name) {
            return placed.file(name, styles(moving));
        }
    }
}
