package org.atelier.worker.edit;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.GenerateRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/**
 * Draws the pictures of a {@code generate} job, one a step.
 *
 * <pre>
 * try (var generation = new Generation(request, networks, inputs)) {
 *     while (!generation.isDone()) {
 *         store(generation.step());
 *     }
 *     store(generation.finish());
 * }
 * </pre>
 */
public final class Generation implements Edit {
    private final GenerateRequest request;
    private final BundleNetworks networks;
    private final Latents latents;
    private final Noises noises;
    private final NDManager manager;
    private final List<Picture> pictures = new ArrayList<>();

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where stored latents are
     * @throws JobException INVALID_REQUEST if the request does not fit the generator
     */
    public Generation(GenerateRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.latents = new Latents(networks, inputs);
        this.noises = new Noises(networks.generator(), request.noise());
        int rows = networks.generator().rows();
        if (request.mixing() != null && request.mixing().row() > rows) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "Mixing starts at row " + request.mixing().row()
                    + ", but " + networks.card().reference() + " has " + rows + " rows.");
        }
        this.manager = networks.engine().newManager();
    }

    @Override
    public int steps() {
        return request.sources().size();
    }

    @Override
    public int stepsDone() {
        return pictures.size();
    }

    /**
     * The next picture.
     *
     * @param products the picture and its latent
     */
    public record Drawn(List<Product> products) implements Step {}

    /**
     * Draws the next picture.
     *
     * @throws JobException INPUT_UNREADABLE if its source is a latent that is damaged or not for this generator
     */
    @Override
    public Drawn step() {
        int index = stepsDone();
        return Scope.call(() -> {
            var wPlus = mixed(latents.resolve(request.sources().get(index), request.truncation(), manager));
            var image = networks.generator().render(wPlus, noises.next(manager));
            var picture = Picture.of(image).getFirst();
            pictures.add(picture);
            return new Drawn(List.of(new Product("picture-" + index + ".png", Artifact.PNG, picture.png()), latents
                    .file("latent-" + index + ".safetensors", wPlus)));
        });
    }

    private NDArray mixed(NDArray wPlus) {
        var mixing = request.mixing();
        if (mixing == null) {
            return wPlus;
        }
        var other = latents.resolve(mixing.with(), request.truncation(), manager);
        return NDArrays.concat(new NDList(wPlus.get(":, :" + mixing.row()), other.get(":, " + mixing.row() + ":")), 1);
    }

    /** The picture that was drawn last. */
    public Picture picture() {
        return pictures.getLast();
    }

    /** The grid, if the request wants one. */
    @Override
    public List<Product> finish() {
        if (!isDone()) {
            throw new IllegalStateException("only " + stepsDone() + " of " + steps() + " pictures are drawn");
        }
        var grid = request.grid();
        if (grid == null) {
            return List.of();
        }
        int columns = grid.columns() == null
                ? (int) Math.ceil(Math.sqrt(steps()))
                : Math.min(grid.columns(), steps());
        return List.of(new Product("grid.png", Artifact.PNG, Picture.grid(pictures, columns).png()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
