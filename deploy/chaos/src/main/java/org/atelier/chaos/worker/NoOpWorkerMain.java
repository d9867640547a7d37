package org.atelier.chaos.worker;

import java.util.List;
import java.util.Map;

import org.atelier.common.job.GenerateRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.job.Equipment;
import org.atelier.worker.job.WorkerProcess;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.JobRunner;
import org.atelier.worker.job.runner.Runners;

/** The production worker with nothing to do: what is left of a job's time is the fleet's own. */
public final class NoOpWorkerMain {
    private NoOpWorkerMain() {}

    /** Runs until it is told to leave. */
    public static void main(String[] args) {
        WorkerProcess.main(List.of(), configuration -> new Equipment(Runners.of(List.of(new NoOp())), Map.of("engine",
                "none")));
    }

    private static final class NoOp implements JobRunner<GenerateRequest> {
        @Override
        public Class<GenerateRequest> requestType() {
            return GenerateRequest.class;
        }

        @Override
        public boolean usesGradients() {
            return false;
        }

        @Override
        public JobResult run(GenerateRequest request, JobContext context) {
            return new JobResult(List.of(), Json.tree(Map.of("images", request.sources().size())));
        }
    }
}
