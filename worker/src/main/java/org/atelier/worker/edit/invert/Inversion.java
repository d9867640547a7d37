package org.atelier.worker.edit.invert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.InvertRequest.Method;
import org.atelier.common.job.InvertRequest.Space;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FaceDistance;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.LossFiles;
import org.atelier.worker.edit.Placed;
import org.atelier.worker.edit.Previews;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.edit.photo.EncoderInversion;
import org.atelier.worker.edit.photo.Photo;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Finds the latent of an image: one {@link Stage}, or, for pivotal tuning, two. What follows from the request (target,
 * statistics of w, what the encoder found) is computed anew when it goes on after an interruption.
 */
public final class Inversion extends SteppedEdit<InversionLoss> implements Edit.State {
    private static final String BUNDLE = "bundle";
    private static final String STATE = "state/";
    private static final String LOSSES = "losses";
    /** Number of the stage, and how many of its steps are made. */
    private static final String PROGRESS = "progress";

    private final InvertRequest request;
    private final BundleNetworks networks;
    private final Generator generator;
    private final Photo photo;
    private final Placed placed;
    private final NDManager manager;
    private final Picture cut;
    private final NDArray target;
    private final LatentStatistics statistics;
    private final Optional<PictureDistance> perceptual;
    private final List<InversionLoss> losses = new ArrayList<>();
    private final Stage first;
    private @Nullable PivotalTuning tuning;

    /**
     * Prepares the job: reads the image and cuts it.
     *
     * @param networks stay the caller's
     * @param inputs   where the image is
     * @throws JobException INPUT_UNREADABLE or FACE_NOT_FOUND if the image cannot be used, INVALID_REQUEST if the bundle
     *                      lacks a network that the method needs
     */
    public Inversion(InvertRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.generator = networks.generator();
        var latents = new Latents(networks, inputs);
        this.photo = latents.photo(request.source());
        this.placed = new Placed(networks, latents.keepsPlace(request.source())
                ? photo.placement()
                : Placement.NONE);
        this.cut = photo.aligned(generator.resolution());
        this.manager = networks.engine().newManager();
        try {
            this.target = Photo.array(cut, manager);
            this.statistics = LatentStatistics.of(generator, request.samples(), manager);
            this.perceptual = networks.perceptual().map(network -> new PictureDistance(network, target, manager));
            this.first = firstStage();
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private Stage firstStage() {
        var start = Scope.computeFor(manager, this::start);
        if (request.method() == Method.ENCODER) {
            return new EncoderPass(generator, perceptual, target, start, manager);
        }
        return new Projector(request, generator, networks.engine(), lpips(), statistics, start, request
                .method().encodes() ? SearchNoise.fromStored(request.seed()) : SearchNoise.seeded(request.seed()),
                manager);
    }

    private PictureDistance lpips() {
        return perceptual.orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST, networks.card().reference()
                + " has no perceptual network, which method " + request.method() + " needs; ask for another method."));
    }

    /** [1, C] or [L, C]. */
    private NDArray start() {
        var found = request.method().encodes()
                ? bounded(EncoderInversion.invert(networks, target, request.iterations(), manager).get(0))
                : statistics.mean();
        if (request.method() == Method.ENCODER) {
            return found;
        }
        if (request.space() == Space.W) {
            return found.mean(new int[]{0}, true);
        }
        return found.broadcast(generator.rows(), generator.wSize());
    }

    private NDArray bounded(NDArray rows) {
        var limit = request.maxDeviation();
        return limit == null ? rows : statistics.bounded(rows, limit);
    }

    private Stage stage() {
        return tuning == null ? first : tuning;
    }

    @Override
    public int steps() {
        return first.steps() + (request.method() == Method.PTI ? request.tuning().steps() : 0);
    }

    @Override
    public int stepsDone() {
        return losses.size();
    }

    @Override
    public boolean isDone() {
        return tuning == null ? first.isDone() && request.method() != Method.PTI : tuning.isDone();
    }

    /** The losses of all steps so far. */
    public List<InversionLoss> losses() {
        return List.copyOf(losses);
    }

    /**
     * Makes the next step.
     *
     * @throws JobException DIVERGED if a loss is no longer finite
     */
    @Override
    protected InversionLoss next() {
        if (first.isDone() && tuning == null) {
            tuning = tuning();
        }
        var loss = stage().step(stepsDone());
        if (!loss.isFinite()) {
            throw new JobException(ErrorCategory.DIVERGED, "The loss became " + loss.total() + " at step " + loss.step()
                    + ". Try a lower learning rate (it was " + loss.learningRate() + ").");
        }
        losses.add(loss);
        return loss;
    }

    private PivotalTuning tuning() {
        var pivot = Scope.computeFor(manager, first::latent);
        return new PivotalTuning(request.tuning(), networks, lpips(), pivot, manager);
    }

    @Override
    public Optional<Product> preview() {
        return new Previews(request.previewEvery()).after(stepsDone(), this::picture);
    }

    /** The picture so far; that of a photo which keeps its place lies there. */
    public Picture picture() {
        return Scope.call(() -> shown(stage().picture(), stage().generator()));
    }

    private Picture shown(NDArray seen, Generator drawing) {
        return Picture.of(placed.shown(seen, () -> placed.by(drawing).draw(stage().latent(), Noise.STORED))).getFirst();
    }

    /** The picture from which an edit of the latent starts: with the stored noise maps. */
    private NDArray editable() {
        return tuning != null ? tuning.picture() : generator.render(first.latent(), Noise.STORED);
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    /**
     * How close the picture is ({@code lpips}, {@code l2}, {@code identity} as 1 - cosine), the same for the picture that
     * edits start from ({@code edit_} before each), and the distance of the farthest row from the mean w, in deviations
     * ({@code deviation}). All are of the aligned picture; {@code placement_} is before the three numbers of the place that a
     * photo keeps. Where the bundle found the face: {@code faces}, how many there were, and {@code face_probability}, that
     * of the one taken.
     */
    @Override
    public Map<String, Double> measures() {
        return Scope.call(() -> {
            var measures = new TreeMap<String, Double>();
            measure("", stage().picture(), measures);
            measure("edit_", editable(), measures);
            double farthest = 0;
            for (float distance : statistics.distances(stage().latent().get(0))) {
                farthest = Math.max(farthest, distance);
            }
            measures.put("deviation", farthest);
            if (!placed.placement().isNone()) {
                measures.put("placement_right", placed.placement().right());
                measures.put("placement_down", placed.placement().down());
                measures.put("placement_degrees", placed.placement().degrees());
            }
            photo.found().ifPresent(found -> {
                measures.put("faces", (double) found.faces().size());
                measures.put("face_probability", found.taken().probability());
            });
            return measures;
        });
    }

    private void measure(String prefix, NDArray picture, Map<String, Double> measures) {
        measures.put(prefix + "l2", (double) picture.sub(target).square().mean().getFloat());
        perceptual.ifPresent(distance -> measures.put(prefix + "lpips", (double) distance.lpips(picture).getFloat()));
        networks.identity().ifPresent(network -> {
            try (var faces = new FaceDistance(network, generator.resolution(), manager)) {
                measures.put(prefix + "identity", (double) faces.of(picture, faces.embed(target)).getFloat());
            }
        });
    }

    /**
     * What was made: the image as it was cut, its picture, both and what edits start from side by side, the latent, the
     * losses, the optimised noise maps, the tuned generator. Of a photo that keeps its place, pictures lie there, and {@code
     * photo.png} is that part of it.
     */
    @Override
    protected List<Product> products() {
        return Scope.call(() -> {
            var picture = picture();
            var start = shown(editable(), stage().generator());
            boolean keepsPlace = !placed.placement().isNone();
            var original = keepsPlace ? photo.upright(generator.resolution()) : cut;
            var products = new ArrayList<>(List.of(
                    new Product("image.png", Artifact.PNG, cut.png()),
                    new Product("picture.png", Artifact.PNG, picture.png()),
                    new Product("comparison.png", Artifact.PNG, Picture.grid(List.of(original, picture, start), 3)
                            .png()),
                    placed.file(Source.Result.LATENT, stage().latent())));
            if (keepsPlace) {
                products.add(new Product("photo.png", Artifact.PNG, original.png()));
            }
            products.addAll(LossFiles.of(Json.tree(request.method()).asText(), losses));
            if (tuning != null) {
                products.add(new Product(GeneratorDelta.FILE, Artifact.SAFETENSORS, tuning.delta()));
            } else if (first instanceof Projector projector && !projector.maps().isEmpty()) {
                products.add(new Product(InvertRequest.NOISE, Artifact.SAFETENSORS, SafetensorsWriter.bytes(
                        new TreeMap<>(
                                projector.maps()), Map.of(BUNDLE, networks.card().reference()))));
            }
            return products;
        });
    }

    @Override
    public Map<String, NDArray> tensors() {
        var tensors = new TreeMap<String, NDArray>();
        stage().state().forEach((name, array) -> tensors.put(STATE + name, array));
        var numbers = InversionLoss.pack(losses);
        tensors.put(LOSSES, HostArrays.of(manager, numbers, new Shape(numbers.length)));
        tensors.put(PROGRESS, HostArrays.of(manager, new long[]{tuning == null ? 0 : 1, stage().stepsDone()}, new Shape(
                2)));
        return tensors;
    }

    @Override
    public void restore(SafetensorsFile stored) {
        var progress = Scope.call(() -> stored.readAsStored(PROGRESS, manager).toLongArray());
        if (progress[0] == 1) {
            tuning = tuning();
        }
        Scope.run(() -> {
            stage().restore(Math.toIntExact(progress[1]), stored.readUnder(STATE, manager));
            losses.clear();
            losses.addAll(InversionLoss.unpack(stored.readAsStored(LOSSES, manager).toDoubleArray()));
        });
        if (tuning != null && tuning.stepsDone() > 0 && losses.getLast().lpips() <= request.tuning().stopAt()) {
            tuning.end();
        }
    }

    @Override
    public void close() {
        if (tuning != null) {
            tuning.close();
        }
        first.close();
        perceptual.ifPresent(PictureDistance::close);
        manager.close();
    }
}
