package org.atelier.worker.edit.nada;

import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Raster;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** One CLIP of the ensemble with all that follows from the texts. */
public final class NadaJudge implements AutoCloseable {
    private static final int COLOURS = 3;

    private final NadaLoss loss;
    private final double weight;
    private final NadaSettings settings;
    private final @Nullable NDArray direction;

    /** Of "a TARGET"; of the target as it is, for the selection of layers; of both texts. Only what is needed. */
    private final @Nullable NDArray target;

    private final @Nullable NDArray bareTarget;
    private final @Nullable NDArray textCosine;

    /**
     * A CLIP of an ensemble.
     *
     * @param clip   whose recipe says how pictures are prepared
     * @param weight of its losses
     */
    public record Member(ClipParts clip, double weight) {}

    /**
     * Pictures that give the direction in place of texts.
     *
     * @param from of the bundle's generator: [N, 3, H, W]
     * @param to   of the target domain, of any size
     */
    public record Pictures(NDArray from, List<Picture> to) {}

    /** @throws org.atelier.common.error.JobException INVALID_REQUEST if a text is too long for CLIP */
    NadaJudge(Member member, NadaSettings settings, Optional<Pictures> pictures, int resolution, NDManager manager) {
        this.settings = settings;
        this.weight = member.weight();
        this.loss = new NadaLoss(member.clip(), resolution, settings.guard(), manager);
        this.direction = pictures.map(given -> direction(member.clip(), given, manager)).orElseGet(() -> settings
                .target().map(text -> loss.textDirection(settings.source(), text)).orElse(null));
        var text = settings.target().orElse(null);
        this.target = text == null || settings.lambdas().global() == 0 ? null : loss.text("a " + text);
        this.bareTarget = text == null || settings.selection().isEmpty() ? null : loss.text(text);
        this.textCosine = text == null || settings.lambdas().manifold() == 0
                ? null
                : loss.textCosine(settings.source(), text);
    }

    /** The target pictures are prepared as CLIP prepares files: their middle square, resized by Pillow's bicubic. */
    private NDArray direction(ClipParts clip, Pictures pictures, NDManager manager) {
        int size = clip.network().config().resolution();
        try (var own = new NadaLoss(clip, size, 0, manager)) {
            return Scope.computeFor(manager, () -> loss.imageDirection(loss.features(pictures.from), pictures.to
                    .stream()
                    .map(picture -> own.features(tensor(Raster.of(picture).middleSquare(size).toPicture(), manager)))
                    .toList()));
        }
    }

    private static NDArray tensor(Picture picture, NDManager manager) {
        var rgb = picture.rgb();
        int pixels = picture.width() * picture.height();
        var values = new float[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            values[i % COLOURS * pixels + i / COLOURS] = (float) (Byte.toUnsignedInt(rgb[i]) / 127.5 - 1);
        }
        return HostArrays.of(manager, values, new Shape(1, COLOURS, picture.height(), picture.width()));
    }

    /** See {@link NadaLoss#features}. */
    NDArray features(NDArray images) {
        return loss.features(images);
    }

    /** 1 - cosine of the bare target, weighted: by it layers are selected. */
    NDArray globalOfBareTarget(NDArray images) {
        return Scalars.mul(loss.global(loss.features(images), required(bareTarget)), weight);
    }

    /**
     * Adds this CLIP's losses.
     *
     * @param before features of the bundle's pictures
     * @param images of the generator in training
     */
    NadaTerms evaluate(NDArray before, NDArray images, NadaTerms terms) {
        var after = loss.features(images);
        var lambdas = settings.lambdas();
        var sum = terms;
        if (lambdas.direction() > 0) {
            sum = sum.direction(loss.directional(before, after, required(direction)), weight, lambdas.direction());
        }
        if (lambdas.global() > 0) {
            sum = sum.global(loss.global(after, required(target)), weight, lambdas.global());
        }
        if (lambdas.manifold() > 0) {
            sum = sum.manifold(loss.manifold(before, after, required(textCosine)), weight, lambdas.manifold());
        }
        if (lambdas.texture() > 0) {
            sum = sum.texture(loss.texture(before, after), weight, lambdas.texture());
        }
        return sum;
    }

    private static NDArray required(@Nullable NDArray array) {
        if (array == null) {
            throw new IllegalArgumentException("this loss needs a target text");
        }
        return array;
    }

    /** Says how pictures are prepared by a CLIP whose card does not: as the published code does. */
    static ClipParts published(ClipParts clip) {
        return new ClipParts(clip.network(), clip.tokenizer(), ClipInput.Recipe.NADA);
    }

    @Override
    public void close() {
        loss.close();
    }
}
