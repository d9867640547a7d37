package org.atelier.worker.edit.nada;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.atelier.worker.edit.Edit;

/**
 * The losses of one step, measured before its update: weighted over the CLIPs, and unweighted by the lambdas but for the
 * total.
 *
 * @param step      counted from 0
 * @param total     weighted sum
 * @param direction 1 - cosine of the direction
 * @param global    1 - cosine of the text
 * @param manifold  difference of the cosines
 * @param texture   difference of the features
 */
public record NadaRow(int step, double total, double direction, double global, double manifold, double texture)
        implements
            Edit.Step {
    /** Numbers of a row beside its step. */
    static final int NUMBERS = 5;

    @Override
    public Map<String, Double> losses() {
        return Map.of("loss", total, "direction", direction, "global", global, "manifold", manifold, "texture",
                texture);
    }

    static double[] pack(List<NadaRow> rows) {
        return rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.total, row.direction, row.global, row.manifold,
                        row.texture))
                .toArray();
    }

    static List<NadaRow> unpack(double[] numbers) {
        return IntStream.range(0, numbers.length / NUMBERS)
                .mapToObj(step -> {
                    int at = step * NUMBERS;
                    return new NadaRow(step, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3],
                            numbers[at + 4]);
                })
                .toList();
    }
}
