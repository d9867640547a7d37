package org.atelier.worker.edit.delta;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/**
 * Walks a face to where an {@link Exchange} puts it, in equal steps, so that previews and losses show the way. Nothing is
 * optimised: CLIP looks on. All rows of w+ move together.
 */
final class ExchangeWalk implements BestMove {
    private final DeltaMoves moves;
    private final Generator generator;
    private final NDManager manager;
    private final Noise noise;
    private final NDArray start;
    private final NDArray move;
    private final WordFit fit;
    private final int steps;
    private int stepsDone;

    /**
     * Finds the way.
     *
     * @param share of the way to what the text asks for
     * @param steps in which it is walked
     * @param wPlus a face, [1, L, C]
     */
    ExchangeWalk(Exchange exchange, double share, int steps, Generator generator, DeltaMoves moves, NDArray wPlus,
            NDArray text, NDArray direction, Noise noise, NDManager parent) {
        this.moves = moves;
        this.generator = generator;
        this.noise = noise;
        this.steps = steps;
        this.manager = parent.newSubManager();
        this.start = Scope.computeFor(manager, wPlus::duplicate);
        this.move = Scope.computeFor(manager, () -> exchange.way(start.mean(new int[]{1}), share, manager)
                .matMul(exchange.directions())
                .expandDims(1));
        var before = Scope.computeFor(manager, () -> moves.embed(generator.render(start, noise)));
        this.fit = WordFit.of(before, text, direction, manager);
    }

    @Override
    public Terms step() {
        return Scope.call(() -> {
            var misses = fit.misses(moves.embed(generator.render(latents(), noise)));
            var clip = misses.get(0).sum();
            var directional = misses.get(1).sum();
            double length = move.abs().sum().getFloat() * stepsDone / steps;
            stepsDone++;
            return new Terms(clip.getFloat(), directional.getFloat(), length, WordFit.total(clip, directional)
                    .getFloat());
        });
    }

    @Override
    public Map<String, NDArray> state() {
        return Map.of();
    }

    @Override
    public void restore(SafetensorsFile stored, int done) {
        stepsDone = done;
    }

    @Override
    public NDArray latents() {
        return Scope.compute(() -> start.add(Scalars.mul(move, (double) stepsDone / steps)));
    }

    @Override
    public NDArray start() {
        return start;
    }

    @Override
    public void close() {
        manager.close();
    }
}
