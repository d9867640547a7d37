package org.atelier.worker.edit.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SourceCaption;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/** Edits by a delta mapper: each step draws one source, and what becomes of it by every prompt at every strength. */
public final class DeltaApplication implements Edit {

    private final DeltaApplyRequest request;
    private final Generator generator;
    private final NDManager manager;
    private final DeltaMoves moves;
    private final Latents latents;
    private final Noises noises;
    private final List<List<Picture>> pictures = new ArrayList<>();
    private final List<Made> table = new ArrayList<>();

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
    record Made(String name, int source, String prompt, double strength, double cosineBefore, double cosine) {}

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where the mapper and stored latents are
     * @throws JobException INVALID_REQUEST if the bundle lacks CLIP or mapper or a prompt is too long, INPUT_UNREADABLE if
     *                      the mapper is none or was made for other networks
     */
    public DeltaApplication(DeltaApplyRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.generator = networks.generator();
        this.latents = new Latents(networks, inputs);
        this.noises = new Noises(generator, request.noise());
        this.manager = networks.engine().newManager();
        try {
            this.moves = new DeltaMoves(request.mapper(), networks, inputs, manager);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
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
     * One source.
     *
     * @param products its picture, and picture and latent of each edit
     */
    private record Edited(List<Product> products) implements Step {}

    /**
     * Edits the next source.
     *
     * @throws JobException INPUT_UNREADABLE if it is a latent that is damaged or not for this generator
     */
    @Override
    public Step step() {
        if (isDone()) {
            throw new IllegalStateException("all " + steps() + " sources are edited");
        }
        return new Edited(Scope.call(() -> edit(stepsDone())));
    }

    private List<Product> edit(int source) {
        var wPlus = latents.resolve(request.sources().get(source), request.truncation(), manager);
        var noise = noises.next(manager);
        var image = generator.render(wPlus, noise);
        var embedding = moves.embed(image);
        var before = Picture.of(image).getFirst();
        var row = new ArrayList<>(List.of(before));
        var products = new ArrayList<>(List.of(new Product("before-" + source + ".png", Artifact.PNG, before.png())));
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
            var drawn = Picture.of(images);
            for (int i = 0; i < chosen.length; i++) {
                int at = chosen[i];
                var name = source + "-" + prompt + "-" + i;
                row.add(drawn.get(at));
                products.add(new Product("picture-" + name + ".png", Artifact.PNG, drawn.get(at).png()));
                products.add(latents.file("latent-" + name + ".safetensors", moved.get(at + ":" + (at + 1))));
                table.add(new Made(name, source, text, strengths.get(at), cosine, cosines[at]));
            }
        }
        pictures.add(row);
        return products;
    }

    private NDArray directions(String prompt, List<Double> strengths) {
        var direction = moves.direction(prompt);
        return NDArrays.concat(new NDList(strengths.stream().map(strength -> Scalars.mul(direction, strength))
                .toList()), 0);
    }

    private double[] cosines(NDArray embeddings, String prompt) {
        var cosines = embeddings.mul(moves.text(prompt)).sum(new int[]{1}).toFloatArray();
        return IntStream.range(0, cosines.length).mapToDouble(i -> cosines[i]).toArray();
    }

    /** The first strength whose gain is enough beside the best; the first of all where none gains anything. */
    static int enough(double before, double[] cosines) {
        double best = IntStream.range(0, cosines.length).mapToDouble(i -> cosines[i]).max().orElseThrow();
        double wanted = before + DeltaApplyRequest.ADAPTIVE_SHARE * Math.max(0, best - before);
        return IntStream.range(0, cosines.length).filter(i -> cosines[i] >= wanted).findFirst().orElse(0);
    }

    /** The edits made so far. */
    List<Made> table() {
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
    public List<Product> finish() {
        if (!isDone()) {
            throw new IllegalStateException("only " + stepsDone() + " of " + steps() + " sources are edited");
        }
        var rows = request.sources().stream().map(SourceCaption::of).toList();
        return List.of(
                new Product("sheet.png", Artifact.PNG, new Sheet("", columns(), rows, pictures).draw().png()),
                new Product("edits.json", Artifact.JSON, Json.bytes(Map.of("edits", table))));
    }

    @Override
    public void close() {
        moves.close();
        manager.close();
    }
}
