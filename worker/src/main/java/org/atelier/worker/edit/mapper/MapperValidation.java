package org.atelier.worker.edit.mapper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import ai.djl.ndarray.NDArray;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.tensor.Scope;

/** The losses of latents that are held back, now and then in a training; the weights of the best are kept. */
final class MapperValidation {
    private final MapperTrainRequest request;
    private final MapperObjective objective;
    private final Mapper mapper;
    private final Optional<NDArray> heldBack;
    private final BestWeights best;
    private final List<MapperLossRow> rows = new ArrayList<>();

    /**
     * Starts without any.
     *
     * @param heldBack [N, L, C]; empty: there is no validation
     * @param best     takes the weights when they are the best so far
     */
    MapperValidation(MapperTrainRequest request, MapperObjective objective, Mapper mapper, Optional<NDArray> heldBack,
            BestWeights best) {
        this.request = request;
        this.objective = objective;
        this.mapper = mapper;
        this.heldBack = heldBack;
        this.best = best;
    }

    /** Validates after a step, if that is one for it. */
    void ifDue(int stepsDone, boolean last, double learningRate) {
        if (stepsDone % request.validation().every() == 0 || last) {
            heldBack.ifPresent(latents -> validate(latents, stepsDone, learningRate));
        }
    }

    private void validate(NDArray latents, int stepsDone, double learningRate) {
        int count = Math.toIntExact(latents.getShape().get(0));
        var sums = new double[6];
        for (int from = 0; from < count; from += request.batch()) {
            int first = from;
            int last = Math.min(count, from + request.batch());
            Scope.run(() -> {
                var wPlus = latents.get(first + ":" + last);
                var row = objective.evaluate(mapper, wPlus, objective.unedited(wPlus)).row(stepsDone, 0);
                double[] terms = {row.total(), row.clip(), row.directional(), row.l2(), row.identity(), row.norm()};
                for (int i = 0; i < terms.length; i++) {
                    sums[i] += terms[i] * (last - first) / count;
                }
            });
        }
        var row = new MapperLossRow(stepsDone, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], learningRate);
        boolean better = rows.stream().noneMatch(earlier -> earlier.total() <= row.total());
        rows.add(row);
        if (better) {
            best.take();
        }
    }

    /** All so far. */
    List<MapperLossRow> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** The last one. */
    Optional<MapperLossRow> newest() {
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast());
    }

    /** The one with the least loss. */
    Optional<MapperLossRow> best() {
        return rows.stream().min(Comparator.comparingDouble(MapperLossRow::total));
    }

    /** Takes what {@link #rows} gave. */
    void restore(List<MapperLossRow> stored) {
        rows.clear();
        rows.addAll(stored);
    }

    /** The losses of a training that have a weight, step by step, and from each validation on what it came to. */
    List<Map<String, Double>> curves(List<MapperLossRow> losses) {
        var unweighted = Stream.of(Map.entry("clip", request.clipLambda()), Map.entry("directional", request
                .directionalLambda()), Map.entry("l2", request.l2Lambda()), Map.entry("identity", request.idLambda()),
                Map.entry("norm", request.normLambda())).filter(term -> term.getValue() == 0).map(Map.Entry::getKey)
                .toList();
        var curves = new ArrayList<Map<String, Double>>();
        for (var row : losses) {
            var step = new TreeMap<>(row.losses());
            step.keySet().removeAll(unweighted);
            rows.stream().filter(validation -> validation.step() <= row.step() + 1).reduce((earlier,
                    later) -> later).ifPresent(newest -> step.put("validation", newest.total()));
            curves.add(step);
        }
        return curves;
    }
}
