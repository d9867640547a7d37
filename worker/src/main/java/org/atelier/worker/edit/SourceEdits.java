package org.atelier.worker.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** Work on one source after the other, a source a step, that ends in a sheet with a row for each. */
public abstract class SourceEdits extends SteppedEdit<SourceEdits.Made> {
    protected final BundleNetworks networks;
    protected final Generator generator;
    protected final Latents latents;
    /** Closed with this. */
    protected final NDManager manager;
    private final List<? extends Source> sources;
    private final Truncation truncation;
    private @Nullable Placed placed;
    private final List<List<Picture>> rows = new ArrayList<>();

    /**
     * Prepares what all such jobs need.
     *
     * @param truncation of sources that are seeds
     * @param networks   stay the caller's
     * @param inputs     where stored latents are
     */
    protected SourceEdits(List<? extends Source> sources, Truncation truncation, BundleNetworks networks,
            Inputs inputs) {
        this.sources = sources;
        this.truncation = truncation;
        this.networks = networks;
        this.generator = networks.generator();
        this.latents = new Latents(networks, inputs);
        this.manager = networks.engine().newManager();
    }

    /** Makes what a constructor needs; if that fails, nothing stays behind. */
    protected final <T> T prepare(Supplier<T> make) {
        try {
            return make.get();
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public final int steps() {
        return sources.size();
    }

    @Override
    public final int stepsDone() {
        return rows.size();
    }

    /**
     * What was made of one source.
     *
     * @param row      its pictures in the sheet
     * @param products its files
     */
    public record Made(List<Picture> row, List<Product> products) implements Step {
        private Made() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    /**
     * Edits the next source.
     *
     * @throws JobException INPUT_UNREADABLE if it is a latent that is damaged or not for this generator
     */
    @Override
    protected final Made next() {
        int source = stepsDone();
        var made = new Made();
        placed = latents.placed(sources.get(source));
        Scope.run(() -> edit(source, latents.resolve(sources.get(source), truncation, manager), made));
        rows.add(made.row);
        return made;
    }

    /**
     * Edits one source.
     *
     * @param source number of the source, from 0
     * @param wPlus  its latent [1, L, C]
     * @param made   takes what is made of it
     */
    protected abstract void edit(int source, NDArray wPlus, Made made);

    /** What makes pictures and files of the latents of the source at hand. */
    protected final Placed placed() {
        return Objects.requireNonNull(placed, "there is a source at hand");
    }

    /** The pictures of each source so far. */
    protected final List<List<Picture>> rows() {
        return rows;
    }

    /** What each source is called beside its row. */
    protected final List<String> captions() {
        return sources.stream().map(SourceCaption::of).toList();
    }

    @Override
    public void close() {
        manager.close();
    }
}
