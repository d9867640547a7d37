package org.atelier.worker.edit.direction;

import java.util.Arrays;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.edit.Inputs;

/** Directions of channels that somebody else measured: StyleCLIP's {@code fs3.npy}. */
final class GivenDirections {
    private GivenDirections() {}

    /**
     * Reads them.
     *
     * @param channels of the generator that have directions
     * @param width    E of its CLIP
     * @return [channels, E]; those that the file does not have are 0
     * @throws JobException INPUT_UNREADABLE if it is no such file, or one of another generator or CLIP
     */
    static float[][] read(Input input, Inputs inputs, int channels, int width) {
        try {
            var root = new PublishedFileReader().read(ByteRegion.of(inputs.read(input, DirectionTrainRequest.GIVEN)))
                    .root();
            if (!(root instanceof Value.NumericArray array)) {
                throw unreadable("are no array of numbers, but " + root);
            }
            var shape = array.tensor().shape();
            if (shape.length != 2 || shape[0] < 1 || shape[0] > channels || shape[1] != width) {
                throw unreadable("have the shape " + Arrays.toString(shape) + ", and this bundle takes [N, " + width
                        + "] with N up to " + channels);
            }
            return rows(array.tensor().toFloats(), channels, width);
        } catch (RefusedFileException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The given directions cannot be read: " + e
                    .getMessage(), e);
        }
    }

    private static float[][] rows(float[] flat, int channels, int width) {
        var rows = new float[channels][width];
        for (int row = 0; row * width < flat.length; row++) {
            System.arraycopy(flat, row * width, rows[row], 0, width);
            for (float value : rows[row]) {
                if (!Float.isFinite(value)) {
                    throw unreadable("are not finite at channel " + row);
                }
            }
        }
        return rows;
    }

    private static JobException unreadable(String what) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, "The given directions " + what
                + ". Name a float array by channels, as StyleCLIP's fs3.npy is, of this generator and this CLIP.");
    }
}
