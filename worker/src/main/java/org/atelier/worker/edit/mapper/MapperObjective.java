package org.atelier.worker.edit.mapper;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.FaceDistance;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/** What the training of a mapper minimises; see {@link MapperTrainRequest}. */
final class MapperObjective implements AutoCloseable {
    /** Added to the length of a change of CLIP's features: at a length of zero the cosine's gradient has no bound. */
    private static final float SMALLEST_CHANGE = 0.02f;
    /** Keeps the gradient of that length finite. */
    private static final float SMALLEST_SQUARE = 1e-12f;

    private final MapperTrainRequest request;
    private final Generator generator;
    private final MapperMove.Reach reach;
    private final ClipView clip;
    private final NDArray text;
    private final NDArray direction;
    private final Optional<FaceDistance> identity;

    /**
     * What pictures are before they are edited.
     *
     * @param features CLIP's [N, D], if a loss needs them
     * @param faces    [N, E], if a loss needs them
     */
    record Unedited(Optional<NDArray> features, Optional<NDArray> faces) {}

    /** The terms, each [] and unweighted but for the total. */
    record Losses(NDArray total, NDArray clip, NDArray directional, NDArray l2, Optional<NDArray> identity,
            NDArray norm) {
        MapperLossRow row(int step, double learningRate) {
            return new MapperLossRow(step, total.getFloat(), clip.getFloat(), directional.getFloat(), l2.getFloat(),
                    identity.map(NDArray::getFloat).orElse(0f), norm.getFloat(), learningRate);
        }
    }

    /**
     * Prepares the terms.
     *
     * @param manager parent of the arrays that this owns
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that the request needs, or a text is too long
     */
    MapperObjective(MapperTrainRequest request, BundleNetworks networks, NDManager manager) {
        this.request = request;
        this.generator = networks.generator();
        this.reach = new MapperMove.Reach(request.factor(), request.maxDelta(), 1);
        this.clip = new ClipView(networks.clip().orElseThrow(() -> lacks("a CLIP", networks)), generator.resolution(),
                manager);
        this.text = clip.text(request.prompt());
        var neutral = clip.text(request.neutral());
        this.direction = Scope.computeFor(manager, () -> unitChange(text.sub(neutral), SMALLEST_SQUARE));
        this.identity = request.idLambda() > 0
                ? Optional.of(new FaceDistance(networks.identity().orElseThrow(() -> lacks("an identity network",
                        networks)), generator.resolution(), manager))
                : Optional.empty();
    }

    private static JobException lacks(String network, BundleNetworks networks) {
        return new JobException(ErrorCategory.INVALID_REQUEST, "Training this mapper needs " + network
                + ", which the bundle " + networks.card().reference() + " does not have.");
    }

    /** @param smallest added to the length */
    private static NDArray unitChange(NDArray change, float smallest) {
        return change.div(change.square().sum(new int[]{1}, true).add(SMALLEST_SQUARE).sqrt().add(smallest));
    }

    /**
     * Looks at pictures before they are edited; not to be recorded.
     *
     * @param wPlus [N, L, C]
     */
    Unedited unedited(NDArray wPlus) {
        boolean features = request.directionalLambda() > 0 || request.normLambda() > 0;
        if (!features && identity.isEmpty()) {
            return new Unedited(Optional.empty(), Optional.empty());
        }
        var image = generator.render(wPlus, Noise.STORED);
        return new Unedited(features ? Optional.of(clip.features(image)) : Optional.empty(), identity.map(
                faces -> faces.embed(image)));
    }

    /**
     * Evaluates all terms.
     *
     * @param wPlus  [N, L, C]
     * @param before what {@link #unedited} says of them
     */
    Losses evaluate(Mapper mapper, NDArray wPlus, Unedited before) {
        var move = MapperMove.of(mapper, generator, wPlus, reach);
        var image = generator.render(move.styles(), Noise.STORED, Tap.NONE);
        var features = clip.features(image);
        var unit = ClipView.unit(features);
        var similarity = unit.mul(text).sum(new int[]{1}).neg().add(1).mean();
        var l2 = move.distance(request.l2Of(), request.l2Reduction());
        var total = Scalars.mul(similarity, request.clipLambda()).add(Scalars.mul(l2, request.l2Lambda()));
        var directional = similarity.zerosLike();
        var norm = similarity.zerosLike();
        if (before.features.isPresent()) {
            var old = before.features.get();
            directional = unitChange(unit.sub(ClipView.unit(old)), SMALLEST_CHANGE).mul(direction).sum(new int[]{1})
                    .neg().add(1).mean();
            norm = length(features).sub(length(old)).square().mean();
            total = total.add(Scalars.mul(directional, request.directionalLambda())).add(Scalars.mul(norm, request
                    .normLambda()));
        }
        var face = before.faces.map(faces -> identity.orElseThrow().of(image, faces).mean());
        if (face.isPresent()) {
            total = total.add(Scalars.mul(face.get(), request.idLambda()));
        }
        return new Losses(total, similarity, directional, l2, face, norm);
    }

    private static NDArray length(NDArray features) {
        return features.square().sum(new int[]{1}).sqrt();
    }

    @Override
    public void close() {
        identity.ifPresent(FaceDistance::close);
        clip.close();
    }
}
