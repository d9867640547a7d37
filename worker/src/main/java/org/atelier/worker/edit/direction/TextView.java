package org.atelier.worker.edit.direction;

import java.util.List;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.clip.BpeTokenizer.Overflow;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/**
 * CLIP's view of texts, averaged over several ways to say them.
 *
 * @param clip    whose view
 * @param manager lends memory for the time of a call
 */
public record TextView(ClipParts clip, NDManager manager) {
    /**
     * The mean of the normalised features of sentences, normalised.
     *
     * @return [E]
     * @throws JobException INVALID_REQUEST if a sentence is too long for CLIP
     */
    public float[] of(List<String> sentences) {
        var features = features(sentences);
        int width = features.length / sentences.size();
        var mean = new double[width];
        for (int row = 0; row < sentences.size(); row++) {
            var sentence = new double[width];
            for (int i = 0; i < width; i++) {
                sentence[i] = features[row * width + i];
            }
            Vectors.unit(sentence);
            for (int i = 0; i < width; i++) {
                mean[i] += sentence[i] / sentences.size();
            }
        }
        return Vectors.floats(Vectors.unit(mean));
    }

    private float[] features(List<String> sentences) {
        int context = clip.network().config().context();
        var tokens = new long[sentences.size() * context];
        try {
            for (int row = 0; row < sentences.size(); row++) {
                System.arraycopy(clip.tokenizer().tokenize(sentences.get(row), context, Overflow.ERROR), 0, tokens, row
                        * context, context);
            }
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, e.getMessage(), e);
        }
        return Scope.call(() -> clip.network().textFeatures(HostArrays.of(manager, tokens, new Shape(sentences.size(),
                context)), Tap.NONE).toFloatArray());
    }

    /**
     * The direction from one view to another: their difference, normalised (StyleCLIP {@code GetDt}).
     *
     * @param neutral as {@link #of} gives it
     * @param target  as {@link #of} gives it
     * @return [E]; all zero if they are the same
     */
    public static float[] direction(float[] neutral, float[] target) {
        var difference = new double[target.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = (double) target[i] - neutral[i];
        }
        return Vectors.floats(Vectors.unit(difference));
    }
}
