package org.atelier.worker.edit.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SourceEdits;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.tensor.HostNumbers;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scalars;

/** Edits by a delta mapper: each step draws one source, and what becomes of it by every prompt at every strength. */
public final class DeltaApplication extends SourceEdits {
    private final DeltaApplyRequest request;
    private final DeltaMoves moves;
    private final Noises noises;
    private final List<Entry> table = new ArrayList<>();

    /**
     * An edit.
     *
     * @param name         of its picture and latent
     * @param source       number of its source, from 0
     * @param prompt       what was asked for
     * @param strength     how far it went
     * @param cosineBefore of the source's picture and the prompt
     * @param cosine       of the edited picture and the prompt
     */
    record Entry(String name, int source, String prompt, double strength, double cosineBefore, double cosine) {}

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where the mapper and stored latents are
     * @throws JobException INVALID_REQUEST if the bundle lacks CLIP or mapper or a prompt is too long, INPUT_UNREADABLE if
     *                      the mapper is none or was made for other networks
     */
    public DeltaApplication(DeltaApplyRequest request, BundleNetworks networks, Inputs inputs) {
        super(request.sources(), request.truncation(), networks, inputs);
        this.request = request;
        this.noises = Noises.forEach(networks, request.noise(), inputs);
        this.moves = prepare(() -> new DeltaMoves(request.mapper(), networks, inputs, manager));
    }

    @Override
    protected void edit(int source, NDArray wPlus, Made made) {
        var noise = noises.next(request.sources().get(source), manager);
        var image = generator.render(wPlus, noise);
        var embedding = moves.embed(image);
        var before = Picture.of(placed().shown(image, () -> placed().draw(wPlus, noise))).getFirst();
        made.row().add(before);
        made.products().add(new Product("before-" + source + ".png", Artifact.PNG, before.png()));
        for (int prompt = 0; prompt < request.prompts().size(); prompt++) {
            var text = request.prompts().get(prompt);
            boolean adaptive = request.strengths().isEmpty();
            var strengths = adaptive ? DeltaApplyRequest.ADAPTIVE : request.strengths();
            int count = strengths.size();
            var moved = wPlus.add(moves.of(wPlus.repeat(0, count), embedding.repeat(0, count), directions(text,
                    strengths)));
            var images = generator.render(moved, noise);
            double cosine = cosines(embedding, text)[0];
            var cosines = cosines(moves.embed(images), text);
            var chosen = adaptive
                    ? new int[]{enough(cosine, cosines)}
                    : IntStream.range(0, strengths.size()).toArray();
            var drawn = Picture.of(placed().shown(images, () -> placed().draw(moved, noise)));
            for (int i = 0; i < chosen.length; i++) {
                int at = chosen[i];
                var name = source + "-" + prompt + "-" + i;
                made.row().add(drawn.get(at));
                made.products().add(new Product("picture-" + name + ".png", Artifact.PNG, drawn.get(at).png()));
                made.products().add(placed().file("latent-" + name + ".safetensors", moved.get(at + ":" + (at + 1))));
                table.add(new Entry(name, source, text, strengths.get(at), cosine, cosines[at]));
            }
        }
    }

    private NDArray directions(String prompt, List<Double> strengths) {
        var direction = moves.direction(prompt);
        return NDArrays.concat(new NDList(strengths.stream().map(strength -> Scalars.mul(direction, strength))
                .toList()), 0);
    }

    private double[] cosines(NDArray embeddings, String prompt) {
        return HostNumbers.doubles(embeddings.mul(moves.text(prompt)).sum(new int[]{1}).toFloatArray());
    }

    /** The first strength whose gain is enough beside the best; the first of all where none gains anything. */
    static int enough(double before, double[] cosines) {
        double best = IntStream.range(0, cosines.length).mapToDouble(i -> cosines[i]).max().orElseThrow();
        double wanted = before + DeltaApplyRequest.ADAPTIVE_SHARE * Math.max(0, best - before);
        return IntStream.range(0, cosines.length).filter(i -> cosines[i] >= wanted).findFirst().orElse(0);
    }

    /** The edits made so far. */
    List<Entry> table() {
        return List.copyOf(table);
    }

    private List<String> columns() {
        var edits = request.prompts().stream().flatMap(prompt -> request.strengths().isEmpty()
                ? Stream.of(prompt)
                : request.strengths().stream().map(strength -> prompt + ", strength " + strength));
        return Stream.concat(Stream.of("before"), edits).toList();
    }

    /** All pictures, a row for each source, and the table of edits. */
    @Override
    protected List<Product> products() {
        return List.of(
                new Product("sheet.png", Artifact.PNG, new Sheet("", columns(), captions(), rows()).draw().png()),
                new Product("edits.json", Artifact.JSON, Json.bytes(Map.of("edits", table))));
    }

    @Override
    public void close() {
        moves.close();
        super.close();
    }
}
