package org.atelier.worker.edit.mapper;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/** Edits with a trained mapper: each step draws one source, and what becomes of it at every strength. */
public final class MapperApplication implements Edit {
    private final MapperApplyRequest request;
    private final Generator generator;
    private final TrainedMapper mapper;
    private final Latents latents;
    private final Noises noises;
    private final NDManager manager;
    private final List<Picture> pictures = new ArrayList<>();
    private int stepsDone;

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where the mapper and stored latents are
     * @throws JobException INPUT_UNREADABLE if the mapper is none, or does not fit the generator
     */
    public MapperApplication(MapperApplyRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.generator = networks.generator();
        this.mapper = TrainedMapper.read(inputs.read(request.mapper(), MapperApplyRequest.MAPPER), networks);
        this.latents = new Latents(networks, inputs);
        this.noises = new Noises(generator, request.noise());
        this.manager = networks.engine().newManager();
    }

    @Override
    public int steps() {
        return request.sources().size();
    }

    @Override
    public int stepsDone() {
        return stepsDone;
    }

    /**
     * One source.
     *
     * @param products its picture, and picture and latent for each strength
     */
    private record Edited(List<Product> products) implements Step {}

    /**
     * Edits the next source.
     *
     * @throws JobException INPUT_UNREADABLE if it is a latent that is damaged or not for this generator
     */
    @Override
    public Step step() {
        int index = stepsDone;
        var products = Scope.call(() -> edit(index));
        stepsDone++;
        return new Edited(products);
    }

    private List<Product> edit(int index) {
        var products = new ArrayList<Product>();
        var wPlus = latents.resolve(request.sources().get(index), request.truncation(), manager);
        var noise = noises.next(manager);
        var before = Picture.of(generator.render(wPlus, noise)).getFirst();
        pictures.add(before);
        products.add(new Product("before-" + index + ".png", Artifact.PNG, before.png()));
        for (int i = 0; i < request.strengths().size(); i++) {
            var name = index + "-" + i;
            var move = MapperMove.of(mapper.network(), generator, wPlus, mapper.reach(request.factor(), request
                    .strengths().get(i)));
            var after = Picture.of(generator.render(move.styles(), noise, Tap.NONE)).getFirst();
            pictures.add(after);
            products.add(new Product("picture-" + name + ".png", Artifact.PNG, after.png()));
            move.wPlus().ifPresent(moved -> products.add(latents.file("latent-" + name + ".safetensors", moved)));
        }
        return products;
    }

    /** All pictures: a row for each source, which comes first, then the strengths in their order. */
    @Override
    public List<Product> finish() {
        if (!isDone()) {
            throw new IllegalStateException("only " + stepsDone() + " of " + steps() + " sources are edited");
        }
        return List.of(new Product("sheet.png", Artifact.PNG, Picture.grid(pictures, 1 + request.strengths().size())
                .png()));
    }

    @Override
    public void close() {
        mapper.close();
        manager.close();
    }
}
