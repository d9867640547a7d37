package org.atelier.worker.job.world;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;
import org.atelier.worker.job.Equipment;
import org.atelier.worker.job.WorkerProcess;
import org.atelier.worker.job.runner.Runners;

/** A worker process that needs no device, for tests with real processes. */
public final class ChainWorkerMain {
    /** How long a step takes. */
    private static final Setting<Duration> STEP = Setting.of("ATELIER_TEST_STEP", Parser.DURATION, "100ms",
            "how long a step of the test runner takes");

    private ChainWorkerMain() {}

    /** Runs until it is told to leave. */
    public static void main(String[] args) {
        WorkerProcess.main(List.of(STEP), configuration -> {
            var step = configuration.get(STEP);
            return new Equipment(
                    Runners.of(List.of(new ChainRunner().onStep(number -> LockSupport.parkNanos(step.toNanos())))),
                    Map.of("engine", "none"));
        });
    }
}
