package org.atelier.worker.edit.invert;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.atelier.worker.edit.Edit;

/**
 * The losses of one step, measured before its update, and unweighted but for the total.
 *
 * @param step         counted from 0, over all stages
 * @param total        weighted sum
 * @param lpips        perceptual distance of the picture; NaN where the bundle has no network for it
 * @param l2           mean squared error of its pixels
 * @param noise        how much the noise maps resemble themselves a pixel further
 * @param learningRate of this step's update; 0: there was none
 */
public record InversionLoss(int step, double total, double lpips, double l2, double noise, double learningRate)
        implements
            Edit.Step {
    private static final int NUMBERS = 5;

    @Override
    public Map<String, Double> losses() {
        return Stream.of(Map.entry("loss", total), Map.entry("lpips", lpips), Map.entry("l2", l2), Map.entry("noise",
                noise))
                .filter(loss -> Double.isFinite(loss.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    boolean isFinite() {
        return Double.isFinite(total);
    }

    static double[] pack(List<InversionLoss> rows) {
        return rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.total, row.lpips, row.l2, row.noise, row.learningRate))
                .toArray();
    }

    static List<InversionLoss> unpack(double[] numbers) {
        return IntStream.range(0, numbers.length / NUMBERS)
                .mapToObj(step -> {
                    int at = step * NUMBERS;
                    return new InversionLoss(step, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3],
                            numbers[at + 4]);
                })
                .toList();
    }
}
