package org.atelier.worker.edit.nada;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.job.NadaFinetuneRequest.Export;
import org.atelier.common.job.NadaFinetuneRequest.Form;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.safetensors.SafetensorsTable;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.LossFiles;
import org.atelier.worker.edit.Previews;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.edit.photo.PhotoFile;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.models.RosinalityExport;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;

/**
 * A {@code nada-finetune} job: trains, shows the same faces again and again, and stores the tuned generator.
 *
 * <p>The state is what trains, Adam's moments, the losses and the selected layers; what a step draws follows from its
 * number. A run that is restored ends in the same bytes as one that was never interrupted.
 */
public final class NadaFinetune extends SteppedEdit<NadaRow> implements Edit.State {
    private static final String BUNDLE = "bundle";
    /** Latents whose pictures stand for the bundle's generator when pictures give the direction ({@code --img2img_batch}). */
    private static final int SOURCE_PICTURES = 16;
    /** A default argument of {@code SG3Generator.style}. */
    private static final double STYLEGAN3_TRUNCATION = 0.7;
    /** Pictures that are drawn at once for a sample grid. */
    private static final int DRAWN_AT_ONCE = 4;
    /** Faces of the comparison of before and after. */
    private static final int COMPARED = 8;

    private final NadaFinetuneRequest request;
    private final BundleNetworks networks;
    private final Generator frozen;
    private final NDManager manager;

    /** A copy that trains; for multipliers the bundle's own. */
    private final Generator trained;

    private final NadaTraining training;
    private final NDArray samples;

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @throws JobException INVALID_REQUEST if the bundle lacks a CLIP or a text is too long for it, INPUT_UNREADABLE if a
     *                      target image is no picture
     */
    public NadaFinetune(NadaFinetuneRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.frozen = networks.generator();
        this.manager = networks.engine().newManager();
        this.trained = request.form() == Form.DELTA ? networks.newGenerator() : frozen;
        try {
            this.samples = Scope.computeFor(manager, () -> mapped(request.seed(), request.samples(), request
                    .sampleTruncation()));
            this.training = new NadaTraining(settings(), frozen, trained, ensemble(),
                    targetPictures(inputs), draws(), networks.engine());
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private NDArray mapped(long seed, int count, double psi) {
        var z = HostArrays.of(manager, new RandomState(seed).randnFloat(count * frozen.zSize()), new Shape(count, frozen
                .zSize()));
        return frozen.truncate(frozen.map(z), psi, frozen.rows());
    }

    private List<NadaJudge.Member> ensemble() {
        return request.clips().entrySet().stream().map(each -> new NadaJudge.Member(clip(each.getKey()), each
                .getValue())).toList();
    }

    private ClipParts clip(String name) {
        var part = BundleCard.partOfClip(name);
        var clip = networks.clip(name).orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                "Tuning a generator needs the CLIP \"" + part + "\", which the bundle " + networks.card().reference()
                        + " does not have."));
        var card = networks.card().networks().get(part);
        return card == null || card.preprocess() == null ? NadaJudge.published(clip) : clip;
    }

    private NadaSettings settings() {
        var layers = new NadaLayers(frozen.parameters().keySet());
        return new NadaSettings(
                request.source(),
                Optional.ofNullable(request.target()),
                request.templates(),
                new NadaSettings.Lambdas(request.lambdaDirection(), request.lambdaGlobal(), request.lambdaManifold(),
                        request.lambdaTexture()),
                request.guard(),
                NadaSettings.AdamSettings.corrected(request.learningRate(), request.beta1(), request.beta2(), request
                        .regularizeEvery()),
                request.form(),
                request.phase(),
                Optional.ofNullable(request.selection()).map(selection -> new NadaSettings.Selection(
                        selection.layers() == null ? layers.usualSelection() : selection.layers(), selection
                                .iterations(), selection.every(), selection.mapping())),
                request.freeze(),
                layers.isStyleGan3() && request.noise() == org.atelier.common.job.Noise.Mode.RANDOM
                        ? NadaSettings.PIXEL_NOISE
                        : 0,
                NadaSettings.FrozenGradients.NONE);
    }

    private NadaDraws draws() {
        var truncation = request.trainingTruncation();
        double psi = truncation == null
                ? new NadaLayers(frozen.parameters().keySet()).isStyleGan3() ? STYLEGAN3_TRUNCATION : 1
                : truncation;
        var selection = request.selection();
        return new SampledDraws(frozen, new SampledDraws.Form(request.seed(), request.batch(), selection == null
                ? 0
                : selection.batch(), psi, request.mixing(), request.noise()), manager);
    }

    private Optional<NadaJudge.Pictures> targetPictures(Inputs inputs) {
        if (request.targetImages().isEmpty()) {
            return Optional.empty();
        }
        var images = request.targetImages();
        var pictures = IntStream.range(0, images.size())
                .mapToObj(i -> PhotoFile.read("at target_images/" + i, inputs.read(images.get(i), "after.png")))
                .toList();
        var from = Scope.computeFor(manager, () -> frozen.render(mapped(request.seed() == 0 ? 1 : request.seed() - 1,
                SOURCE_PICTURES, 1), Noise.STORED));
        return Optional.of(new NadaJudge.Pictures(from, pictures));
    }

    @Override
    public int steps() {
        return request.iterations();
    }

    @Override
    public int stepsDone() {
        return training.losses().size();
    }

    /** The losses of all steps so far. */
    public List<NadaRow> losses() {
        return training.losses();
    }

    /**
     * Makes the next step.
     *
     * @return its losses, measured before its update
     * @throws JobException          DIVERGED if a loss or a gradient is no longer finite
     */
    @Override
    protected NadaRow next() {
        return training.step();
    }

    @Override
    public Optional<Product> preview() {
        return new Previews(request.previewEvery()).after(stepsDone(), "samples", () -> grid(drawn(wPlus -> training
                .render(wPlus, Noise.STORED))));
    }

    private List<Picture> drawn(UnaryOperator<NDArray> draw) {
        var pictures = new ArrayList<Picture>();
        for (int from = 0; from < request.samples(); from += DRAWN_AT_ONCE) {
            var rows = from + ":" + Math.min(from + DRAWN_AT_ONCE, request.samples());
            pictures.addAll(Scope.call(() -> Picture.of(draw.apply(samples.get(rows)))));
        }
        return pictures;
    }

    private static Picture grid(List<Picture> pictures) {
        return Picture.grid(pictures, (int) Math.ceil(Math.sqrt(pictures.size())));
    }

    /** The tuned generator, the samples before and after, and the losses of all steps. */
    @Override
    protected List<Product> products() {
        var delta = delta();
        var products = new ArrayList<Product>();
        products.add(new Product(GeneratorDelta.FILE, Artifact.SAFETENSORS, delta));
        // What is shown and exported is drawn by what is stored, and not by what was trained.
        try (var tuned = networks.tuned(GeneratorDelta.read(GeneratorDelta.FILE, delta))) {
            var before = drawn(wPlus -> frozen.render(wPlus, Noise.STORED));
            var after = drawn(wPlus -> tuned.generator().render(wPlus, Noise.STORED));
            products.add(new Product("before.png", Artifact.PNG, grid(before).png()));
            products.add(new Product("after.png", Artifact.PNG, grid(after).png()));
            products.add(comparison(before, after));
            products.addAll(LossFiles.of(title(), losses()));
            request.export().stream().distinct().map(form -> exported(form, tuned.generator())).forEach(products::add);
        }
        return products;
    }

    private Product comparison(List<Picture> before, List<Picture> after) {
        int columns = Math.min(COMPARED, before.size());
        var sheet = new Sheet(title(), List.of(), List.of("before", "after"), List.of(before.subList(0, columns), after
                .subList(0, columns)));
        return new Product("comparison.png", Artifact.PNG, sheet.draw().png());
    }

    private String title() {
        return request.target() == null ? "target images" : request.target();
    }

    private byte[] delta() {
        var facts = new TreeMap<String, String>();
        facts.put("method", "nada");
        facts.put("source", request.source());
        Optional.ofNullable(request.target()).ifPresent(target -> facts.put("target", target));
        facts.put("iterations", Integer.toString(request.iterations()));
        var bundle = networks.card().reference();
        return request.form() == Form.MULTIPLIERS
                ? GeneratorDelta.multipliers(bundle, training.parameters(), facts)
                : GeneratorDelta.differences(bundle, training.parameters(), frozen.parameters(), facts);
    }

    private Product exported(Export form, Generator tuned) {
        var bytes = SafetensorsWriter.bytes(new TreeMap<>(tuned.parameters()), Map.of(BUNDLE, networks.card()
                .reference()));
        return switch (form) {
            case SAFETENSORS -> new Product("generator.safetensors", Artifact.SAFETENSORS, bytes);
            case ROSINALITY -> new Product("generator.pt", "application/octet-stream", rosinality(bytes));
        };
    }

    private byte[] rosinality(byte[] safetensors) {
        var out = new ByteArrayOutputStream();
        try {
            var table = SafetensorsTable.read(ByteRegion.of(safetensors), "the tuned generator", ReadLimits.DEFAULT);
            RosinalityExport.write(out, new TensorTable(table.tensors()), networks.card().generator().config());
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return out.toByteArray();
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public Map<String, NDArray> tensors() {
        return training.state();
    }

    @Override
    public void restore(SafetensorsFile stored) {
        training.restore(stored);
    }

    @Override
    public void close() {
        training.close();
        free();
    }

    private void free() {
        if (trained != frozen) {
            trained.close();
        }
        manager.close();
    }
}
