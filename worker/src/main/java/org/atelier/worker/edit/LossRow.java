package org.atelier.worker.edit;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The losses of one step, measured before its update, and unweighted but for the total.
 *
 * @param step         counted from 0
 * @param total        weighted sum
 * @param clip         1 - cosine of picture and text
 * @param l2           distance of the latent from its start
 * @param identity     1 - cosine of the faces
 * @param directional  1 - cosine of the changes of picture and text; 0 where it is no term
 * @param learningRate of this step's update
 */
public record LossRow(int step, double total, double clip, double l2, double identity, double directional,
        double learningRate)
        implements
            Edit.Step {
    /** Numbers of a row beside its step. */
    static final int NUMBERS = 6;

    @Override
    public Map<String, Double> losses() {
        return Map.of("loss", total, "clip", clip, "l2", l2, "identity", identity, "directional", directional);
    }

    /** Whether all losses are numbers. */
    boolean isFinite() {
        return Double.isFinite(total) && Double.isFinite(clip) && Double.isFinite(l2) && Double.isFinite(identity)
                && Double.isFinite(directional);
    }

    /** Rows from step 0 on as numbers. */
    static double[] pack(List<LossRow> rows) {
        return rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.total, row.clip, row.l2, row.identity,
                        row.directional, row.learningRate))
                .toArray();
    }

    /** The rows that {@link #pack} was given. */
    static List<LossRow> unpack(double[] numbers) {
        return IntStream.range(0, numbers.length / NUMBERS)
                .mapToObj(step -> {
                    int at = step * NUMBERS;
                    return new LossRow(step, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3], numbers[at
                            + 4], numbers[at + 5]);
                })
                .toList();
    }
}
