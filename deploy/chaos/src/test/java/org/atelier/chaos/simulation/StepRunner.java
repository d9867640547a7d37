package org.atelier.chaos.simulation;

import java.time.Duration;

import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.JobRunner;
import org.atelier.worker.job.runner.ResumePoint;
import org.atelier.worker.job.world.ChainRunner;

/** The device of one worker: steps take time, are seen, and may fail. */
final class StepRunner implements JobRunner<OptimizeRequest> {
    private static final Duration SHORTEST_STEP = Duration.ofMillis(100);
    private static final Duration LONGEST_STEP = Duration.ofMillis(1_500);

    private final Host host;
    private final Simulation simulation;
    private final Faults faults;
    private final History history;

    StepRunner(Host host, Simulation simulation, Faults faults, History history) {
        this.host = host;
        this.simulation = simulation;
        this.faults = faults;
        this.history = history;
    }

    @Override
    public Class<OptimizeRequest> requestType() {
        return OptimizeRequest.class;
    }

    @Override
    public boolean usesGradients() {
        return true;
    }

    @Override
    public JobResult run(OptimizeRequest request, JobContext context) throws Exception {
        var attempt = context.attempt();
        history.add(new Fact.AttemptStarted(simulation.instant(), attempt, host.toString(), context.resumePoint().map(
                ResumePoint::step).orElse(0)));
        long began = simulation.now();
        var how = "stopped";
        try {
            var result = new ChainRunner().onStep(step -> step(context, step)).run(request, context);
            how = "computed";
            return result;
        } finally {
            if (!host.isDead()) {
                history.add(new Fact.AttemptEnded(simulation.instant(), attempt, host.toString(), how,
                        (simulation.now() - began) / 1e9));
            }
        }
    }

    private void step(JobContext context, int step) {
        simulation.pause(simulation.between(SHORTEST_STEP, LONGEST_STEP));
        if (faults.strikes(FaultKind.OUT_OF_MEMORY, host)) {
            throw new JobException(ErrorCategory.OUT_OF_MEMORY, "The device ran out of memory.");
        }
        if (faults.strikes(FaultKind.DIVERGED, host)) {
            throw new JobException(ErrorCategory.DIVERGED, "The loss is NaN at step " + step + ".");
        }
        history.add(new Fact.AttemptStepped(simulation.instant(), context.attempt(), host.toString(), step));
    }
}
