package org.atelier.worker.edit.delta;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.atelier.worker.edit.Edit;

/**
 * The losses of one step of a gated delta, before its update, and unweighted but for the total.
 *
 * @param step        counted from 0
 * @param total       what is minimised
 * @param clip        1 - cosine of picture and text
 * @param directional 1 - cosine of the picture's way and the text's
 * @param length      of the gated move, by absolute values
 */
public record GateRow(int step, double total, double clip, double directional, double length) implements Edit.Step {
    /** Numbers of a row beside its step. */
    static final int NUMBERS = 4;

    @Override
    public Map<String, Double> losses() {
        return Map.of("loss", total, "clip", clip, "directional", directional, "length", length);
    }

    boolean isFinite() {
        return Double.isFinite(total);
    }

    /** Rows from step 0 on as numbers. */
    static double[] pack(List<GateRow> rows) {
        return rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.total, row.clip, row.directional, row.length))
                .toArray();
    }

    /** The rows that {@link #pack} was given. */
    static List<GateRow> unpack(double[] numbers) {
        return IntStream.range(0, numbers.length / NUMBERS)
                .mapToObj(step -> {
                    int at = step * NUMBERS;
                    return new GateRow(step, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
                })
                .toList();
    }
}
