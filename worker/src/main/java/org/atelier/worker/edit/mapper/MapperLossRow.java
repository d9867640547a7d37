package org.atelier.worker.edit.mapper;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.atelier.worker.edit.Edit;

/**
 * The losses of one step, measured before its update, averaged over its batch, and unweighted but for the total.
 *
 * @param step         counted from 0; of a validation, the steps that were made before it
 * @param total        weighted sum
 * @param clip         1 - cosine of picture and text
 * @param directional  1 - cosine of the changes of picture and text
 * @param l2           how far the latents are moved
 * @param identity     1 - cosine of the faces
 * @param norm         squared change of the length of the picture's CLIP features
 * @param learningRate of this step's update
 */
public record MapperLossRow(
        int step,
        double total,
        double clip,
        double directional,
        double l2,
        double identity,
        double norm,
        double learningRate) implements Edit.Step {
    private static final int NUMBERS = 8;

    @Override
    public Map<String, Double> losses() {
        var losses = new LinkedHashMap<String, Double>();
        losses.put("loss", total);
        losses.put("clip", clip);
        losses.put("directional", directional);
        losses.put("l2", l2);
        losses.put("identity", identity);
        losses.put("norm", norm);
        return losses;
    }

    boolean isFinite() {
        return losses().values().stream().allMatch(Double::isFinite);
    }

    /** Numbers from which {@link #unpack} makes the rows again. */
    static double[] pack(Collection<MapperLossRow> rows) {
        return rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.step, row.total, row.clip, row.directional, row.l2,
                        row.identity, row.norm, row.learningRate))
                .toArray();
    }

    static List<MapperLossRow> unpack(double[] numbers) {
        return IntStream.range(0, numbers.length / NUMBERS)
                .map(row -> row * NUMBERS)
                .mapToObj(at -> new MapperLossRow((int) numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3],
                        numbers[at + 4], numbers[at + 5], numbers[at + 6], numbers[at + 7]))
                .toList();
    }
}
