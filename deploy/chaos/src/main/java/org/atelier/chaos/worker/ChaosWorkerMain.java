package org.atelier.chaos.worker;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.worker.job.Equipment;
import org.atelier.worker.job.WorkerProcess;
import org.atelier.worker.job.WorkerSettings;
import org.atelier.worker.job.runner.Runners;

/** The production worker with a device that is a wait. */
public final class ChaosWorkerMain {
    /** Step. */
    static final Setting<Duration> STEP = Setting.of("ATELIER_CHAOS_STEP", Parser.DURATION, "50ms",
            "how long a step takes");
    /** Diary. */
    static final Setting<Path> DIARY = Setting.required("ATELIER_CHAOS_DIARY", Parser.PATH,
            "folder where each worker notes what it computed");
    /** Skew. */
    static final Setting<Duration> SKEW = Setting.of("ATELIER_CHAOS_SKEW", ChaosWorkerMain::skew, "PT0S",
            "how far the worker's time of day is ahead; with a minus sign, how far it is behind: PT10M, PT-10M");
    /** All of them. */
    static final List<Setting<?>> SETTINGS = List.of(STEP, DIARY, SKEW);

    private ChaosWorkerMain() {}

    /** Runs until it is told to leave. */
    public static void main(String[] args) {
        WorkerProcess.main(SETTINGS, ChaosWorkerMain::equipment, ChaosWorkerMain::clock);
    }

    static Clock clock(Configuration configuration) {
        return Clock.offset(Clock.systemUTC(), configuration.get(SKEW));
    }

    private static Duration skew(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("is no duration such as PT10M or PT-10M", e);
        }
    }

    static Equipment equipment(Configuration configuration) {
        // What was seen is timed by the observer's clock, whatever the worker's says.
        var clock = Clock.systemUTC();
        // Two processes of one name are two workers.
        var worker = configuration.find(WorkerSettings.NAME).orElse("worker") + "-" + ProcessHandle.current().pid();
        var diary = Diary.open(configuration.get(DIARY), worker);
        var step = configuration.get(STEP);
        return new Equipment(Runners.of(List.of(
                new ChainRunner<>(OptimizeRequest.class, step, worker, diary, clock),
                new ChainRunner<>(GenerateRequest.class, step, worker, diary, clock))), Map.of("engine", "none"));
    }
}
