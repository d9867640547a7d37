package org.atelier.chaos.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.atelier.chaos.history.Fact;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.JobRunner;
import org.atelier.worker.job.runner.ResumePoint;

/**
 * Computes a {@link Chain} on a device that is a wait, and notes every step where nobody but the file system can lose it.
 *
 * @param <R> the request that it runs
 */
final class ChainRunner<R extends JobRequest> implements JobRunner<R> {
    private static final String TEXT = "text/plain";

    private final Class<R> requestType;
    private final Duration step;
    private final String worker;
    private final Diary diary;
    private final Clock clock;

    /**
     * A runner.
     *
     * @param step   how long one takes
     * @param worker what the diary calls it
     */
    ChainRunner(Class<R> requestType, Duration step, String worker, Diary diary, Clock clock) {
        this.requestType = requestType;
        this.step = step;
        this.worker = worker;
        this.diary = diary;
        this.clock = clock;
    }

    @Override
    public Class<R> requestType() {
        return requestType;
    }

    @Override
    public boolean usesGradients() {
        return requestType == OptimizeRequest.class;
    }

    @Override
    public JobResult run(R request, JobContext context) throws IOException {
        context.bundle();
        if (request instanceof OptimizeRequest optimize && optimize.source() instanceof Source.Latent latent) {
            context.read(latent.latent());
        }
        var resume = context.resumePoint();
        int from = resume.map(ResumePoint::step).orElse(0);
        var state = resume.isPresent() ? Files.readString(resume.get().state()) : Chain.start(request);
        diary.note(new Fact.AttemptStarted(now(), context.attempt(), worker, from));
        var how = "stopped";
        try {
            var artifact = context.store(Chain.RESULT, compute(request, context, from, state), TEXT);
            how = "computed";
            return new JobResult(List.of(artifact), Json.tree(Map.of("steps", Chain.steps(request))));
        } finally {
            diary.note(new Fact.AttemptEnded(now(), context.attempt(), worker, how, null));
        }
    }

    private byte[] compute(R request, JobContext context, int from, String start) {
        var state = start;
        int steps = Chain.steps(request);
        for (int number = from + 1; number <= steps; number++) {
            compute();
            state = Chain.next(state, number);
            diary.note(new Fact.AttemptStepped(now(), context.attempt(), worker, number));
            var saving = new Saving(state, number, context.attempt());
            context.heartbeat(number, steps, Map.of("loss", 1.0 / number), saving::write);
        }
        return state.getBytes(StandardCharsets.UTF_8);
    }

    /** The device. */
    private void compute() {
        long end = System.nanoTime() + step.toNanos();
        for (long left = step.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private Instant now() {
        return clock.instant();
    }

    /** A state that may be saved. What is noted is that it is on its way: a store that is away may not get it. */
    private final class Saving {
        private final String state;
        private final int number;
        private final AttemptId attempt;

        Saving(String state, int number, AttemptId attempt) {
            this.state = state;
            this.number = number;
            this.attempt = attempt;
        }

        void write(Path file) throws IOException {
            Files.writeString(file, state);
            diary.note(new Fact.CheckpointWritten(now(), attempt, worker, number));
        }
    }
}
