package org.atelier.worker.edit.nada;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.NadaFinetuneRequest.Form;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.nada.NadaDraws.Pass;
import org.atelier.worker.edit.nada.NadaSettings.FrozenGradients;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;

/**
 * The training loop of StyleGAN-NADA ({@code ZSSGAN/train.py}, {@code ZSSGAN/model/ZSSGAN.py}): each step draws the same
 * latents with the bundle's generator and with the one in training, and changes the latter by the losses of {@link NadaLoss}.
 *
 * <p>The published code mixes styles at another row in each of the two generators; here both have the same latents.
 */
public final class NadaTraining implements AutoCloseable {
    private static final String PARAMETER = "parameter/";
    private static final String OPTIMIZER = "optimizer/";
    private static final String LOSSES = "losses";
    private static final String ROWS = "rows";

    private final NadaSettings settings;
    private final NadaDraws draws;
    private final Generator frozen;
    private final Generator trained;
    private final NadaLayers layers;
    private final TensorEngine engine;
    private final NDManager manager;
    private final List<NadaJudge> judges = new ArrayList<>();

    /** All that may ever train, by name: weights of the generator, or multipliers by layer. */
    private final Map<String, NDArray> parameters;

    private final Adam adam;
    private final List<NadaRow> losses = new ArrayList<>();

    /** Rows of w+ whose layers train, the most moved first; none without a selection. */
    private int[] rows = {};

    /**
     * Prepares the training.
     *
     * @param frozen   the bundle's generator; stays the caller's
     * @param trained  the same weights, which are changed; the same generator for {@link Form#MULTIPLIERS}; stays the
     *                 caller's
     * @param clips    at least one
     * @param pictures that give the direction in place of the texts
     * @throws JobException INVALID_REQUEST if a text is too long for CLIP
     */
    public NadaTraining(
            NadaSettings settings,
            Generator frozen,
            Generator trained,
            List<NadaJudge.Member> clips,
            Optional<NadaJudge.Pictures> pictures,
            NadaDraws draws,
            TensorEngine engine) {
        this.settings = settings;
        this.draws = draws;
        this.frozen = frozen;
        this.trained = trained;
        this.engine = engine;
        this.layers = new NadaLayers(frozen.parameters().keySet());
        this.manager = engine.newManager();
        try {
            clips.forEach(clip -> judges.add(new NadaJudge(clip, settings, pictures, frozen.resolution(), manager)));
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        this.parameters = settings.form() == Form.MULTIPLIERS ? multipliers() : weights(everTrained());
        var adamSettings = settings.adam();
        this.adam = new Adam(parameters, Adam.Settings.betas(adamSettings.beta1(), adamSettings.beta2()));
    }

    private Map<String, NDArray> multipliers() {
        var ones = new TreeMap<String, NDArray>();
        for (var layer : frozen.shapingLayers()) {
            ones.put(layer, manager.ones(new Shape(frozen.parameters().get(layer + ".weight").getShape().get(1))));
        }
        return ones;
    }

    private Map<String, NDArray> weights(Set<String> names) {
        var weights = new TreeMap<String, NDArray>();
        names.forEach(name -> weights.put(name, trained.parameters().get(name)));
        return weights;
    }

    private Set<String> everTrained() {
        return trained(settings.selection()
                .map(selection -> layers.ofRows(IntStream.range(0, frozen.rows()).toArray(), selection.mapping()))
                .orElseGet(() -> layers.ofPhase(settings.phase())));
    }

    private Set<String> trained(List<String> names) {
        return layers.trained(names, settings.freeze());
    }

    /** What this step trains. */
    private Map<String, NDArray> current() {
        return settings.selection()
                .map(selection -> weights(trained(layers.ofRows(rows, selection.mapping()))))
                .orElse(parameters);
    }

    /** Losses of the steps so far. */
    public List<NadaRow> losses() {
        return Collections.unmodifiableList(losses);
    }

    /** Everything that has been or may be trained, by name; see {@link org.atelier.worker.checkpoint.GeneratorDelta}. */
    public Map<String, NDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /**
     * Makes the next step.
     *
     * @return its losses, measured before its update
     * @throws JobException DIVERGED if a loss or a gradient is no longer finite
     */
    public NadaRow step() {
        int step = losses.size();
        return Scope.call(() -> {
            settings.selection().filter(selection -> selection.isDue(step)).ifPresent(selection -> rows = select(
                    rowWeights(step), selection.layers()));
            var latents = draws.latents(step, manager);
            var features = features(frozenImages(step, latents));
            var row = update(step, latents, features, current());
            losses.add(row);
            return row;
        });
    }

    private NadaRow update(int step, NDArray latents, List<NDArray> features, Map<String, NDArray> current) {
        var noise = noise(step, Pass.TRAINED, latents);
        if (current.isEmpty()) { // the one row that was selected drives colours alone
            return evaluate(features, draw(latents, noise)).row(step);
        }
        try (var training = new TrainedParameters(current)) {
            NadaRow row;
            Map<String, NDArray> gradients;
            try (var tape = engine.record()) {
                var terms = evaluate(features, draw(latents, noise));
                tape.backward(terms.total());
                row = terms.row(step);
                gradients = training.takeGradients();
            }
            requireFinite(row, gradients);
            training.change(() -> adam.step(withFrozen(gradients), settings.adam().learningRate()));
            return row;
        }
    }

    /**
     * The pictures of the bundle's generator in a step.
     *
     * @return [N, 3, H, W]
     */
    public NDArray frozenImages(int step, NDArray latents) {
        return Scope.compute(() -> {
            var images = frozen.render(latents, noise(step, Pass.FROZEN, latents));
            return settings.pixelNoise() == 0
                    ? images
                    : images.add(Scalars.mul(draws.pixelNoise(step, images.getShape(), manager), settings
                            .pixelNoise()));
        });
    }

    private Noise noise(int step, Pass pass, NDArray latents) {
        return draws.noise(step, pass, Math.toIntExact(latents.getShape().get(0)), manager);
    }

    private List<NDArray> features(NDArray images) {
        return judges.stream().map(judge -> judge.features(images)).toList();
    }

    private NadaTerms evaluate(List<NDArray> before, NDArray images) {
        var terms = new NadaTerms();
        for (int i = 0; i < judges.size(); i++) {
            terms = judges.get(i).evaluate(before.get(i), images, terms);
        }
        return terms;
    }

    private NDArray draw(NDArray wPlus, Noise noise) {
        if (settings.form() == Form.DELTA) {
            return trained.render(wPlus, noise);
        }
        // A factor of an input channel does the same to the kernel as to the style, and the demodulation follows both.
        var styles = new LinkedHashMap<>(frozen.styles(wPlus));
        parameters.forEach((layer, factors) -> styles.computeIfPresent(layer, (name, style) -> style.mul(factors)));
        return frozen.render(styles, noise, Tap.NONE);
    }

    /**
     * Draws with the generator as it is now.
     *
     * @param wPlus [N, L, C]
     * @return [N, 3, H, W]
     */
    public NDArray render(NDArray wPlus, Noise noise) {
        // While parameters are open, all that is derived from them follows their changes.
        var open = new TrainedParameters(parameters);
        try {
            return Scope.compute(() -> draw(wPlus, noise).stopGradient().duplicate());
        } finally {
            open.close();
        }
    }

    private Map<String, NDArray> withFrozen(Map<String, NDArray> gradients) {
        if (settings.frozenGradients() == FrozenGradients.NONE) {
            return gradients;
        }
        var all = new TreeMap<>(gradients);
        parameters.forEach((name, parameter) -> all.computeIfAbsent(name, absent -> parameter.stopGradient()
                .zerosLike()));
        return all;
    }

    private void requireFinite(NadaRow row, Map<String, NDArray> gradients) {
        boolean finite = Double.isFinite(row.total()) && gradients.values().stream().allMatch(gradient -> Float
                .isFinite(gradient.sum().getFloat()));
        if (!finite) {
            throw new JobException(ErrorCategory.DIVERGED, "The tuning of the generator diverged at step " + row.step()
                    + " (loss " + row.total() + "). Try a lower learning rate (it is " + settings.adam().learningRate()
                    + " after correction), or a guard above " + settings.guard() + ".");
        }
    }

    /**
     * How far each row of w+ moves when latents follow the bare target text for a few steps
     * ({@code determine_opt_layers}).
     *
     * @return by row
     */
    public float[] rowWeights(int step) {
        var selection = settings.selection().orElseThrow();
        return Scope.call(() -> {
            var start = draws.selectionLatents(step, manager);
            var codes = start.duplicate();
            for (int i = 0; i < selection.iterations(); i++) {
                try (var tape = engine.record()) {
                    var leaf = tape.leaf(codes);
                    var images = trained.render(leaf, noise(step, Pass.SELECTION, leaf));
                    tape.backward(judges.stream().map(judge -> judge.globalOfBareTarget(images)).reduce(NDArray::add)
                            .orElseThrow());
                    codes = codes.sub(Scalars.mul(leaf.getGradient(), NadaSettings.Selection.LEARNING_RATE));
                }
            }
            return codes.sub(start).abs().mean(new int[]{2}).mean(new int[]{0}).toFloatArray();
        });
    }

    private static int[] select(float[] weights, int count) {
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -weights[row]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The rows of w+ whose layers the last step trained, the most moved first; none without a selection. */
    public int[] selectedRows() {
        return rows.clone();
    }

    /** Everything that the next step depends on; the arrays are valid until then. */
    public Map<String, NDArray> state() {
        var state = new TreeMap<String, NDArray>();
        parameters.forEach((name, array) -> state.put(PARAMETER + name, array));
        adam.state().forEach((name, array) -> state.put(OPTIMIZER + name, array));
        state.put(LOSSES, HostArrays.of(manager, NadaRow.pack(losses), new Shape(losses.size(), NadaRow.NUMBERS)));
        if (rows.length > 0) {
            state.put(ROWS, HostArrays.of(manager, Arrays.stream(rows).asLongStream().toArray(), new Shape(
                    rows.length)));
        }
        return state;
    }

    /**
     * Takes over a state, before the first step and the first picture.
     *
     * @param stored what {@link #state} gave
     * @throws IllegalArgumentException if it is of another training
     */
    public void restore(SafetensorsFile stored) {
        Scope.run(() -> {
            adam.restore(stored.readUnder(OPTIMIZER, manager));
            try (var training = new TrainedParameters(parameters)) {
                parameters.keySet().forEach(name -> training.set(name, stored.read(PARAMETER + name, manager)));
            }
            losses.clear();
            losses.addAll(NadaRow.unpack(stored.readAsStored(LOSSES, manager).toDoubleArray()));
            rows = stored.names().contains(ROWS)
                    ? Arrays.stream(stored.readAsStored(ROWS, manager).toLongArray()).mapToInt(Math::toIntExact)
                            .toArray()
                    : new int[0];
        });
    }

    @Override
    public void close() {
        adam.close();
        judges.forEach(NadaJudge::close);
        manager.close();
    }
}
