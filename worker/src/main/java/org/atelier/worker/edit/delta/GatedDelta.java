package org.atelier.worker.edit.delta;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.job.OptimizeRequest.Gates;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.optim.Adam;

/**
 * Optimises how much of a delta mapper's move is made: one gate for each component of w, {@code w' = w + a dw}. The mapper
 * supplies a long move, the gates drop what the text did not ask for. The loss of a face is
 *
 * <pre>
 * 0.5 (1 - cos(E(G(w')) - E(G(w)), E(text) - E(neutral))) + 0.5 (1 - cos(E(G(w')), E(text))) + penalty sum |a dw|
 * </pre>
 *
 * Of several moves, each as the mapper proposes it at another strength, that one is taken whose picture has the lowest
 * loss before the penalty. The faces of a batch do not influence each other.
 */
final class GatedDelta implements BestMove {
    private static final String GATES = "gates";
    private static final String OPTIMIZER = "adam/";

    private final Settings settings;
    private final BundleNetworks networks;
    private final Generator generator;
    private final DeltaMoves moves;
    private final NDManager manager;
    private final NDArray start;
    private final NDArray embeddings;
    private final WordFit fit;
    private final Noise noise;
    private final NDArray move;
    private final NDArray gates;
    private final Adam adam;

    /**
     * What is done.
     *
     * @param strengths    of the moves of which the best is taken
     * @param penalty      of the length of the move, by absolute values
     * @param learningRate of Adam
     */
    record Settings(List<Double> strengths, double penalty, double learningRate) {
        Settings {
            strengths = List.copyOf(strengths);
        }

        /** Those of a request. */
        static Settings of(Gates gates, double learningRate) {
            return new Settings(gates.strengths(), gates.penalty(), learningRate);
        }
    }

    /**
     * Finds the moves.
     *
     * @param wPlus      faces, [N, L, C]
     * @param texts      what each should show, [N, E], of norm 1
     * @param directions the same, seen against neutral texts, [N, E]
     * @param noise      of the generator
     */
    GatedDelta(Settings settings, BundleNetworks networks, DeltaMoves moves, NDArray wPlus, NDArray texts,
            NDArray directions, Noise noise) {
        this.settings = settings;
        this.networks = networks;
        this.generator = networks.generator();
        this.moves = moves;
        this.noise = noise;
        this.manager = networks.engine().newManager();
        this.start = Scope.computeFor(manager, wPlus::duplicate);
        this.embeddings = Scope.computeFor(manager, () -> moves.embed(generator.render(start, noise)));
        this.fit = WordFit.of(embeddings, texts, directions, manager);
        this.move = Scope.computeFor(manager, () -> best(directions));
        this.gates = Scope.computeFor(manager, move::onesLike);
        this.adam = new Adam(Map.of(GATES, gates), Adam.Settings.DEFAULT);
    }

    private NDArray best(NDArray wholeDirections) {
        NDArray best = null;
        NDArray lowest = null;
        for (double strength : settings.strengths) {
            var proposed = moves.of(start, embeddings, Scalars.mul(wholeDirections, strength));
            var losses = fit.misses(moves.embed(generator.render(start.add(proposed), noise)));
            var loss = losses.get(0).add(losses.get(1));
            if (best == null || lowest == null) {
                best = proposed;
                lowest = loss;
            } else {
                var better = loss.lt(lowest).toType(loss.getDataType(), false);
                best = best.add(proposed.sub(best).mul(better.reshape(-1, 1, 1)));
                lowest = lowest.minimum(loss);
            }
        }
        return Objects.requireNonNull(best, "there is a strength");
    }

    @Override
    public Terms step() {
        return Scope.call(() -> {
            try (var tape = networks.engine().record()) {
                var leaf = tape.leaf(gates);
                var moved = leaf.mul(move);
                var losses = fit.misses(moves.embed(generator.render(start.add(moved), noise)));
                var clip = losses.get(0).sum();
                var directional = losses.get(1).sum();
                var length = moved.abs().sum();
                var total = WordFit.total(clip, directional).add(Scalars.mul(length, settings.penalty));
                tape.backward(total);
                var terms = new Terms(clip.getFloat(), directional.getFloat(), length.getFloat(), total.getFloat());
                adam.step(Map.of(GATES, leaf.getGradient()), settings.learningRate);
                return terms;
            }
        });
    }

    @Override
    public Map<String, NDArray> state() {
        var state = new TreeMap<String, NDArray>();
        state.put(GATES, gates);
        adam.state().forEach((name, array) -> state.put(OPTIMIZER + name, array));
        return state;
    }

    @Override
    public void restore(SafetensorsFile stored, int stepsDone) {
        InPlace.assign(gates, stored.read(GATES, manager));
        adam.restore(stored.readUnder(OPTIMIZER, manager));
    }

    @Override
    public NDArray latents() {
        return Scope.compute(() -> start.add(gates.mul(move)));
    }

    @Override
    public NDArray start() {
        return start;
    }

    @Override
    public void close() {
        adam.close();
        manager.close();
    }
}
