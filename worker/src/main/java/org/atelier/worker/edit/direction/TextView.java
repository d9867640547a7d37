package org.atelier.worker.edit.direction;

import java.util.List;

import org.atelier.common.error.JobException;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.tensor.HostNumbers;
import org.atelier.worker.tensor.Scope;

/** CLIP's view of a meaning, averaged over several ways to say it, and the direction from one meaning to another. */
public final class TextView {
    private TextView() {}

    /**
     * The mean of the normalised features of sentences, normalised.
     *
     * @return [E]
     * @throws JobException INVALID_REQUEST if a sentence is too long for CLIP
     */
    public static float[] of(ClipView clip, List<String> sentences) {
        var features = Scope.call(() -> clip.texts(sentences).toFloatArray());
        var mean = new double[features.length / sentences.size()];
        for (int i = 0; i < features.length; i++) {
            mean[i % mean.length] += (double) features[i] / sentences.size();
        }
        return HostNumbers.floats(Vectors.unit(mean));
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
        return HostNumbers.floats(Vectors.unit(difference));
    }
}
