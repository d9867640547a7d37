package org.atelier.worker.edit;

import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.GenerateRequest.Mixing;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.Picture;

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
public final class Generation extends SourceEdits {
    private final GenerateRequest request;
    private final Noises noises;
    private final Optional<Mixing> mixing;

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where stored latents are
     * @throws JobException INVALID_REQUEST if the request does not fit the generator
     */
    public Generation(GenerateRequest request, BundleNetworks networks, Inputs inputs) {
        super(request.sources(), request.truncation(), networks, inputs);
        this.request = request;
        this.noises = Noises.forEach(networks, request.noise(), inputs);
        this.mixing = prepare(this::mixing);
    }

    private Optional<Mixing> mixing() {
        var wanted = Optional.ofNullable(request.mixing());
        int rows = generator.rows();
        wanted.filter(asked -> asked.row() > rows).ifPresent(asked -> {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "Mixing starts at row " + asked.row() + ", but "
                    + networks.card().reference() + " has " + rows + " rows.");
        });
        return wanted;
    }

    @Override
    protected void edit(int source, NDArray wPlus, Made made) {
        var mixed = mixed(wPlus);
        var picture = Picture.of(placed().draw(mixed, noises.next(request.sources().get(source), manager)))
                .getFirst();
        made.row().add(picture);
        made.products().add(new Product("picture-" + source + ".png", Artifact.PNG, picture.png()));
        made.products().add(placed().file("latent-" + source + ".safetensors", mixed));
    }

    private NDArray mixed(NDArray wPlus) {
        return mixing.map(asked -> {
            var other = latents.resolve(asked.with(), request.truncation(), manager);
            return NDArrays.concat(new NDList(wPlus.get(":, :" + asked.row()), other.get(":, " + asked.row() + ":")),
                    1);
        }).orElse(wPlus);
    }

    /** The picture that was drawn last. */
    public Picture picture() {
        return rows().getLast().getFirst();
    }

    /** The grid, if the request wants one. */
    @Override
    protected List<Product> products() {
        var grid = request.grid();
        if (grid == null) {
            return List.of();
        }
        int columns = grid.columns() == null
                ? (int) Math.ceil(Math.sqrt(steps()))
                : Math.min(grid.columns(), steps());
        return List.of(new Product("grid.png", Artifact.PNG, Picture.grid(rows().stream().flatMap(List::stream)
                .toList(), columns).png()));
    }
}
