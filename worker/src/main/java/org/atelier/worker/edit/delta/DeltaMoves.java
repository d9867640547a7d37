package org.atelier.worker.edit.delta;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Input;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Where a delta mapper moves latents for texts. Rows of w+ move together: by what the mapper says of their mean, so that
 * what sets one row apart from the others stays.
 */
final class DeltaMoves implements AutoCloseable {
    private final DeltaMapperFile.Lent mapper;
    private final ClipView clip;
    private final Map<String, NDArray> texts = new HashMap<>();

    /**
     * Opens the mapper. Not to be called while a scope is open.
     *
     * @param named    the mapper that the request names; null: the bundle's own
     * @param networks stay the caller's
     * @throws JobException INVALID_REQUEST if the bundle lacks CLIP or mapper, INPUT_UNREADABLE if the mapper is none or
     *                      does not fit
     */
    DeltaMoves(@Nullable Input named, BundleNetworks networks, Inputs inputs, NDManager parent) {
        var parts = networks.clip().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST, "The bundle "
                + networks.card().reference() + " has no CLIP and cannot follow a text."));
        this.mapper = DeltaMapperFile.open(named, networks, inputs);
        this.clip = new ClipView(parts, networks.generator().resolution(), parent);
    }

    /** What the bundle's CLIP sees. */
    ClipView clip() {
        return clip;
    }

    /**
     * A text.
     *
     * @return [1, E], of norm 1, owned by this
     * @throws JobException INVALID_REQUEST if it is too long for CLIP
     */
    NDArray text(String prompt) {
        return texts.computeIfAbsent(prompt, clip::text);
    }

    /**
     * What a text asks for: its distance from texts that ask for nothing.
     *
     * @return [1, E]
     */
    NDArray direction(String prompt) {
        return Scope.compute(() -> text(prompt).sub(mapper.mapper().neutral()));
    }

    /** What a text asks for by pictures that fit it, if the mapper's file has pictures. */
    Optional<Exchange> exchange(String prompt) {
        return Exchange.of(mapper.mapper(), text(prompt));
    }

    /**
     * What pictures look like to CLIP.
     *
     * @param images [N, 3, H, W]
     * @return [N, E], of norm 1
     */
    NDArray embed(NDArray images) {
        return Scope.compute(() -> ClipView.unit(clip.features(images)));
    }

    /**
     * How latents move.
     *
     * @param wPlus      [N, L, C]
     * @param embeddings of their pictures, [N, E]
     * @param directions [N, E]
     * @return [N, 1, C], to be added to all rows
     */
    NDArray of(NDArray wPlus, NDArray embeddings, NDArray directions) {
        return Scope.compute(() -> mapper.mapper().move(wPlus.mean(new int[]{1}), embeddings, directions).expandDims(
                1));
    }

    @Override
    public void close() {
        clip.close();
        mapper.close();
    }
}
