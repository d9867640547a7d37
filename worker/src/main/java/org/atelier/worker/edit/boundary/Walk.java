package org.atelier.worker.edit.boundary;

import java.util.stream.IntStream;

import org.atelier.common.job.BoundaryApplyRequest.Distance;

/**
 * Positions along a boundary's normal (InterFaceGAN {@code linear_interpolate}).
 *
 * @param boundary  whose normal
 * @param positions at which results are wanted
 */
public record Walk(Boundary boundary, double[] positions) {
    /**
     * A walk at equal distances.
     *
     * @param start first position
     * @param end   last position
     * @param steps how many; a single one is at the start
     */
    public static Walk between(Boundary boundary, double start, double end, int steps) {
        return new Walk(boundary, IntStream.range(0, steps)
                .mapToDouble(step -> steps == 1 ? start : start + (end - start) * step / (steps - 1))
                .toArray());
    }

    /**
     * How far a latent must be moved for each position.
     *
     * @param latent one row [C]
     * @return [positions]
     */
    public double[] moves(double[] latent, Distance distance) {
        double there = distance == Distance.HYPERPLANE ? boundary.along(latent) : 0;
        var moves = new double[positions.length];
        for (int i = 0; i < moves.length; i++) {
            moves[i] = positions[i] - there;
        }
        return moves;
    }

    /** A latent moved along the normal. */
    public float[] moved(double[] latent, double move) {
        var result = new float[latent.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (latent[i] + move * boundary.normal()[i]);
        }
        return result;
    }
}
