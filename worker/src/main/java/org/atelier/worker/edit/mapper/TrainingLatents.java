package org.atelier.worker.edit.mapper;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Input;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.Source;
import org.atelier.common.job.TrainingSet;
import org.atelier.common.job.Truncation;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * The latents that a request names, as batches. Those that are held back for validation come first, or, where the others
 * are shuffled, are a random choice.
 */
final class TrainingLatents implements LatentBatches {
    /** What a job that makes many latents calls them. */
    private static final String FILE = "latents.safetensors";
    private static final long SEEDS = Source.MAX_SEED + 1;

    private final NDManager manager;
    private final int batch;
    private final Optional<NDArray> heldBack;
    private final Batches batches;

    /** The batch of a step. */
    private sealed interface Batches {
        int perEpoch(int batch);

        NDArray at(int step, int batch, NDManager manager);
    }

    /** New faces in every batch. */
    private record Endless(TrainingSet.Sampled set, long firstSeed, Latents latents) implements Batches {
        @Override
        public int perEpoch(int batch) {
            return 1;
        }

        @Override
        public NDArray at(int step, int batch, NDManager manager) {
            return faces(firstSeed + (long) step * batch, batch, set.truncation(), latents, manager);
        }
    }

    /** The same latents again and again, each time in another order; the last batch of a pass is filled up from its start. */
    private static final class Pool implements Batches {
        private final NDArray latents;
        private final int size;
        private final long seed;
        private int pass = -1;
        private int[] order = {};

        /** @param latents [N, L, C] */
        Pool(NDArray latents, long seed) {
            this.latents = latents;
            this.size = Math.toIntExact(latents.getShape().get(0));
            this.seed = seed;
        }

        @Override
        public int perEpoch(int batch) {
            return Math.ceilDiv(size, batch);
        }

        @Override
        public NDArray at(int step, int batch, NDManager manager) {
            var now = orderOf(step / perEpoch(batch));
            int first = step % perEpoch(batch) * batch;
            return Scope.compute(() -> NDArrays.stack(new NDList(IntStream.range(first, first + batch)
                    .mapToObj(i -> latents.get(now[i % size]))
                    .toList())));
        }

        private int[] orderOf(int wanted) {
            if (wanted != pass) {
                order = order(size, seed + wanted + 1);
                pass = wanted;
            }
            return order;
        }
    }

    private TrainingLatents(NDManager manager, int batch, Optional<NDArray> heldBack, Batches batches) {
        this.manager = manager;
        this.batch = batch;
        this.heldBack = heldBack;
        this.batches = batches;
    }

    /**
     * Finds the latents of a request.
     *
     * @throws JobException INPUT_UNREADABLE if a stored latent is damaged or not for this generator, INVALID_REQUEST if
     *                      none is left to train on
     */
    static TrainingLatents of(MapperTrainRequest request, BundleNetworks networks, Inputs inputs) {
        var manager = networks.engine().newManager();
        try {
            return of(request, networks, inputs, manager);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static TrainingLatents of(MapperTrainRequest request, BundleNetworks networks, Inputs inputs,
            NDManager manager) {
        var latents = new Latents(networks, inputs);
        int held = request.validation().count();
        return switch (request.latents()) {
            case TrainingSet.Sampled set -> {
                var heldBack = faces(manager, set.firstSeed(), held, set, latents);
                long first = set.firstSeed() + held;
                yield new TrainingLatents(manager, request.batch(), heldBack, set.count() == null
                        ? new Endless(set, first, latents)
                        : new Pool(faces(manager, first, set.count(), set, latents).orElseThrow(), request.seed()));
            }
            case TrainingSet.Given set -> split(request, manager, Scope.computeFor(manager, () -> stack(set.sources(),
                    set.truncation(), latents, manager)));
            case TrainingSet.Stored set -> split(request, manager, Scope.computeFor(manager, () -> stored(set.file(),
                    networks, inputs, manager)));
        };
    }

    private static Optional<NDArray> faces(NDManager manager, long firstSeed, int count, TrainingSet.Sampled set,
            Latents latents) {
        return count == 0
                ? Optional.empty()
                : Optional.of(Scope.computeFor(manager, () -> faces(firstSeed, count, set.truncation(), latents,
                        manager)));
    }

    private static NDArray faces(long firstSeed, int count, Truncation truncation, Latents latents,
            NDManager manager) {
        return stack(LongStream.range(firstSeed, firstSeed + count).mapToObj(seed -> new Source.Seed(seed % SEEDS))
                .toList(), truncation, latents, manager);
    }

    private static NDArray stack(List<? extends Source> sources, Truncation truncation, Latents latents,
            NDManager manager) {
        return Scope.compute(() -> {
            var all = new NDList(sources.stream().map(source -> latents.resolve(source, truncation, manager).get(0))
                    .toList());
            return NDArrays.stack(all);
        });
    }

    private static TrainingLatents split(MapperTrainRequest request, NDManager manager, NDArray all) {
        int held = request.validation().count();
        int size = Math.toIntExact(all.getShape().get(0));
        if (size <= held) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "All " + size + " latents would be held back for "
                    + "validation. Lower validation.count (it is " + held + ") or give more latents.");
        }
        var order = order(size, request.seed());
        var heldBack = held == 0
                ? Optional.<NDArray>empty()
                : Optional.of(Scope.computeFor(manager, () -> choose(all, order, 0, held)));
        return new TrainingLatents(manager, request.batch(), heldBack, new Pool(Scope.computeFor(manager, () -> choose(
                all, order, held, size)), request.seed()));
    }

    private static NDArray choose(NDArray all, int[] order, int from, int to) {
        return NDArrays.stack(new NDList(IntStream.range(from, to).mapToObj(i -> all.get(order[i])).toList()));
    }

    /** A random order of so many things, a function of the seed. */
    private static int[] order(int size, long seed) {
        var keys = new RandomState(seed % SEEDS).randn(size);
        return IntStream.range(0, size).boxed().sorted(Comparator.comparingDouble(i -> keys[i])).mapToInt(
                Integer::intValue).toArray();
    }

    private static NDArray stored(Input input, BundleNetworks networks, Inputs inputs, NDManager manager) {
        var generator = networks.generator();
        try (var file = SafetensorsFile.of(FILE, inputs.read(input, FILE))) {
            if (file.names().contains("w+")) {
                var wPlus = file.read("w+", manager);
                return requireShape(wPlus, new long[]{wPlus.getShape().get(0), generator.rows(), generator.wSize()},
                        networks);
            }
            if (file.names().contains("w")) {
                var w = file.read("w", manager);
                return generator.truncate(requireShape(w, new long[]{w.getShape().get(0), generator.wSize()}, networks),
                        1, 0);
            }
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The file of latents has no tensor w+ or w, but "
                    + file.names() + ".");
        } catch (RefusedFileException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The file of latents cannot be read: " + e
                    .getMessage(), e);
        }
    }

    private static NDArray requireShape(NDArray latents, long[] wanted, BundleNetworks networks) {
        if (!Arrays.equals(latents.getShape().getShape(), wanted) || wanted[0] == 0) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The latents have the shape " + Shapes.text(latents
                    .getShape().getShape()) + ", " + networks.card().reference() + " takes any number of "
                    + Shapes.text(new Shape(wanted).slice(1).getShape()) + ". Were they made with another bundle?");
        }
        return latents;
    }

    @Override
    public NDArray at(int step, NDManager owner) {
        return batches.at(step, batch, owner);
    }

    @Override
    public int stepsPerEpoch() {
        return batches.perEpoch(batch);
    }

    @Override
    public Optional<NDArray> heldBack() {
        return heldBack;
    }

    @Override
    public void close() {
        manager.close();
    }
}
