package org.atelier.worker.edit.delta;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.BeforeAndAfter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Placed;
import org.atelier.worker.edit.Previews;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/**
 * The mode {@code best} of an {@code optimize} job: an {@link Exchange} of what the text is about, where the mapper's file
 * has pictures to learn it from, or else a {@link GatedDelta}. The state is the gates, Adam's moments and the losses so far;
 * the move follows from the request. A run that is restored ends in the same bytes as one that was never interrupted.
 */
public final class GatedOptimization extends SteppedEdit<GateRow> implements Edit.State {
    private static final String LOSSES = "losses";

    private final OptimizeRequest request;
    private final BundleNetworks networks;
    private final NDManager manager;
    private final DeltaMoves moves;
    private final Placed placed;
    private final Noise noise;
    private final BestMove gated;
    private final List<GateRow> losses = new ArrayList<>();

    /**
     * Prepares the job: finds the start and the move.
     *
     * @param networks stay the caller's
     * @param inputs   where the mapper and stored latents are
     * @throws JobException INVALID_REQUEST if the bundle lacks CLIP or mapper, there is no source, or the prompt is too long;
     *                      INPUT_UNREADABLE if source or mapper cannot be read
     */
    public GatedOptimization(OptimizeRequest request, BundleNetworks networks, Inputs inputs) {
        var source = request.source();
        if (source == null) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "Mode best needs a source: it edits a picture.");
        }
        var gates = Objects.requireNonNull(request.gates(), "filled in for mode best");
        this.request = request;
        this.networks = networks;
        var latents = new Latents(networks, inputs);
        this.placed = latents.placed(source);
        this.manager = networks.engine().newManager();
        try {
            this.noise = Noises.forEach(networks, request.noise(), inputs).next(source, manager);
            this.moves = new DeltaMoves(gates.mapper(), networks, inputs, manager);
            var start = Scope.computeFor(manager, () -> latents.resolve(source, request.truncation(), manager));
            var direction = Scope.computeFor(manager, () -> moves.direction(request.prompt()));
            this.gated = move(gates, start, direction);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private BestMove move(OptimizeRequest.Gates gates, NDArray start, NDArray direction) {
        var text = moves.text(request.prompt());
        var exchange = gates.share() == 0 ? Optional.<Exchange>empty() : moves.exchange(request.prompt());
        return exchange.<BestMove>map(found -> new ExchangeWalk(found, gates.share(), request.steps(), networks
                .generator(),
                moves, start, text, direction, noise, manager))
                .orElseGet(() -> new GatedDelta(GatedDelta.Settings.of(gates, request.learningRate()), networks, moves,
                        start, text, direction, noise));
    }

    @Override
    public int steps() {
        return request.steps();
    }

    @Override
    public int stepsDone() {
        return losses.size();
    }

    /** The losses of all steps so far. */
    public List<GateRow> losses() {
        return Collections.unmodifiableList(losses);
    }

    /**
     * Makes the next step.
     *
     * @throws JobException DIVERGED if the loss is no longer finite
     */
    @Override
    protected GateRow next() {
        var terms = gated.step();
        var row = new GateRow(stepsDone(), terms.total(), terms.clip(), terms.directional(), terms.length());
        if (!row.isFinite()) {
            throw new JobException(ErrorCategory.DIVERGED, "The loss became " + row.total() + " at step " + row.step()
                    + ". Try smaller strengths in \"gates\".");
        }
        losses.add(row);
        return row;
    }

    /** The picture as it is now. */
    public Picture picture() {
        return draw(gated::latents);
    }

    private Picture draw(Supplier<NDArray> wPlus) {
        return Scope.call(() -> Picture.of(placed.draw(wPlus.get(), noise)).getFirst());
    }

    @Override
    public Optional<Product> preview() {
        return new Previews(request.previewEvery()).after(stepsDone(), this::picture);
    }

    @Override
    protected List<Product> products() {
        return BeforeAndAfter.of(request.prompt(), draw(gated::start), picture(), Scope.call(() -> placed.file(
                Source.Result.LATENT, gated.latents())), losses);
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public Map<String, NDArray> tensors() {
        var tensors = new TreeMap<>(gated.state());
        tensors.put(LOSSES, HostArrays.of(manager, GateRow.pack(losses), new Shape(losses.size(), GateRow.NUMBERS)));
        return tensors;
    }

    @Override
    public void restore(SafetensorsFile stored) {
        Scope.run(() -> {
            losses.clear();
            losses.addAll(GateRow.unpack(stored.readAsStored(LOSSES, manager).toDoubleArray()));
            gated.restore(stored, losses.size());
        });
    }

    @Override
    public void close() {
        gated.close();
        moves.close();
        manager.close();
    }
}
