package org.atelier.worker.job.edit;

import java.util.List;

import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.SheetRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Generation;
import org.atelier.worker.edit.SheetDrawing;
import org.atelier.worker.edit.boundary.BoundaryApplication;
import org.atelier.worker.edit.boundary.BoundaryTraining;
import org.atelier.worker.edit.delta.DeltaApplication;
import org.atelier.worker.edit.delta.DeltaTraining;
import org.atelier.worker.edit.delta.Optimizations;
import org.atelier.worker.edit.direction.DirectionApplication;
import org.atelier.worker.edit.direction.DirectionTraining;
import org.atelier.worker.edit.invert.Inversion;
import org.atelier.worker.edit.mapper.MapperApplication;
import org.atelier.worker.edit.mapper.MapperTraining;
import org.atelier.worker.edit.nada.NadaFinetune;
import org.atelier.worker.job.bundle.ResidentNetworks;
import org.atelier.worker.job.runner.Runners;

/** Every kind of edit there is, as a job. */
public final class EditRunners {
    private EditRunners() {}

    /**
     * A runner for each job type of a worker.
     *
     * @param bundles stay the caller's
     */
    public static Runners of(ResidentNetworks<BundleNetworks> bundles) {
        return Runners.of(List.of(
                new EditRunner<>(GenerateRequest.class, false, bundles, Generation::new),
                new EditRunner<>(OptimizeRequest.class, true, bundles, Optimizations::of),
                new EditRunner<>(InvertRequest.class, true, bundles, Inversion::new),
                new EditRunner<>(MapperTrainRequest.class, true, bundles, MapperTraining::of),
                new EditRunner<>(MapperApplyRequest.class, false, bundles, MapperApplication::new),
                new EditRunner<>(DeltaTrainRequest.class, true, bundles, DeltaTraining::new),
                new EditRunner<>(DeltaApplyRequest.class, false, bundles, DeltaApplication::new),
                new EditRunner<>(DirectionTrainRequest.class, false, bundles, DirectionTraining::of),
                new EditRunner<>(DirectionApplyRequest.class, false, bundles, DirectionApplication::new),
                new EditRunner<>(BoundaryTrainRequest.class, false, bundles, BoundaryTraining::new),
                new EditRunner<>(BoundaryApplyRequest.class, false, bundles, BoundaryApplication::new),
                new EditRunner<>(NadaFinetuneRequest.class, true, bundles, NadaFinetune::new),
                new EditRunner<>(SheetRequest.class, false, bundles, (request, networks, inputs) -> new SheetDrawing(
                        request, inputs))));
    }
}
