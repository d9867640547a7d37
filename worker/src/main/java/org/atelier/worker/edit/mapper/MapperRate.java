package org.atelier.worker.edit.mapper;

import java.util.List;
import java.util.Optional;

import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.MapperTrainRequest.Plateau.Watched;
import org.atelier.worker.tensor.optim.PlateauRate;

/** The learning rate of a training: constant, or lowered where the losses that the request names stay as they are. */
final class MapperRate {
    private final MapperTrainRequest request;
    private final int stepsPerEpoch;
    private final Optional<PlateauRate> plateau;

    /** The rate of the first step. */
    MapperRate(MapperTrainRequest request, int stepsPerEpoch) {
        this.request = request;
        this.stepsPerEpoch = stepsPerEpoch;
        this.plateau = Optional.ofNullable(request.plateau()).map(settings -> new PlateauRate(request.learningRate(),
                PlateauRate.Settings.of(settings.factor(), settings.patience())));
    }

    /** That of the next step. */
    double now() {
        return plateau.map(PlateauRate::rate).orElse(request.learningRate());
    }

    /**
     * Follows the losses of the first so many steps, the last of which it has not seen yet.
     *
     * @param losses      one a step
     * @param validations of these steps, and perhaps of later ones
     */
    void observe(int steps, List<MapperLossRow> losses, List<MapperLossRow> validations) {
        if (plateau.isEmpty() || request.plateau() == null) {
            return;
        }
        if (request.plateau().watch() == Watched.TRAINING) {
            if (steps % stepsPerEpoch == 0) {
                plateau.get().observe(losses.subList(steps - stepsPerEpoch, steps).stream().mapToDouble(
                        MapperLossRow::total).average().orElseThrow());
            }
        } else {
            validations.stream().filter(row -> row.step() == steps).forEach(row -> plateau.get().observe(row.total()));
        }
    }
}
