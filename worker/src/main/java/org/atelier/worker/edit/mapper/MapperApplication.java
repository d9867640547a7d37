package org.atelier.worker.edit.mapper;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SourceEdits;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.tensor.Picture;

/** Edits with a trained mapper: each step draws one source, and what becomes of it at every strength. */
public final class MapperApplication extends SourceEdits {
    private final MapperApplyRequest request;
    private final TrainedMapper mapper;
    private final Noises noises;

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where the mapper and stored latents are
     * @throws JobException INPUT_UNREADABLE if the mapper is none, or does not fit the generator
     */
    public MapperApplication(MapperApplyRequest request, BundleNetworks networks, Inputs inputs) {
        super(request.sources(), request.truncation(), networks, inputs);
        this.request = request;
        this.noises = Noises.forEach(networks, request.noise(), inputs);
        this.mapper = prepare(() -> TrainedMapper.read(inputs.read(request.mapper(), MapperApplyRequest.MAPPER),
                networks));
    }

    @Override
    protected void edit(int source, NDArray wPlus, Made made) {
        var noise = noises.next(request.sources().get(source), manager);
        var before = Picture.of(placed().draw(wPlus, noise)).getFirst();
        made.row().add(before);
        made.products().add(new Product("before-" + source + ".png", Artifact.PNG, before.png()));
        for (int i = 0; i < request.strengths().size(); i++) {
            var name = source + "-" + i;
            var move = MapperMove.of(mapper.network(), generator, wPlus, mapper.reach(request.factor(), request
                    .strengths().get(i)));
            var after = Picture.of(placed().draw(move.styles(), noise)).getFirst();
            made.row().add(after);
            made.products().add(new Product("picture-" + name + ".png", Artifact.PNG, after.png()));
            made.products().add(latent("latent-" + name + ".safetensors", move));
        }
    }

    private Product latent(String name, MapperMove move) {
        return move.wPlus().map(moved -> placed().file(name, moved)).orElseGet(() -> placed().file(name, move
                .styles()));
    }

    /** All pictures: a row for each source, which comes first, then the strengths in their order. */
    @Override
    protected List<Product> products() {
        var columns = new ArrayList<>(List.of("before"));
        request.strengths().forEach(strength -> columns.add("strength " + new BigDecimal(strength.toString())
                .stripTrailingZeros().toPlainString()));
        return List.of(new Product("sheet.png", Artifact.PNG, new Sheet(mapper.card().map(MapperCard::prompt).orElse(
                ""),
                columns, captions(), rows()).draw().png()));
    }

    @Override
    public void close() {
        mapper.close();
        super.close();
    }
}
