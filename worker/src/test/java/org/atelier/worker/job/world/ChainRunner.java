package org.atelier.worker.job.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.Architectures;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.JobRunner;
import org.atelier.worker.job.runner.ResumePoint;

/**
 * A job that needs no device: every step hashes the hash of the step before, so that the result shows whether every step
 * was done once and in order.
 */
public final class ChainRunner implements JobRunner<OptimizeRequest> {
    /** What the result is called. */
    public static final String RESULT = "chain.txt";

    private IntConsumer onStep = step -> {};
    private Optional<String> refusal = Optional.empty();
    private boolean gradients = true;
    private boolean checksBundles;
    private int started;
    private int stepsDone;

    /** Called within every step, before its heartbeat. */
    public ChainRunner onStep(IntConsumer action) {
        this.onStep = action;
        return this;
    }

    /** Makes it refuse everything. */
    public ChainRunner refuse(String reason) {
        this.refusal = Optional.of(reason);
        return this;
    }

    /** Makes it refuse bundles that have what this version cannot build. */
    public ChainRunner checkBundles() {
        this.checksBundles = true;
        return this;
    }

    /** Makes it one that needs no turn at the device. */
    public ChainRunner withoutGradients() {
        this.gradients = false;
        return this;
    }

    /** How often it was started. */
    public int started() {
        return started;
    }

    /** How many steps it has computed, in all runs. */
    public int stepsDone() {
        return stepsDone;
    }

    /** What an undisturbed run gives. */
    public static Digest expected(OptimizeRequest request) {
        return Digest.of(stateAfter(request, request.steps()));
    }

    /** The state after so many steps, as a checkpoint holds it. */
    public static byte[] stateAfter(OptimizeRequest request, int steps) {
        var state = start(request);
        for (int step = 1; step <= steps; step++) {
            state = next(state, step);
        }
        return state.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Class<OptimizeRequest> requestType() {
        return OptimizeRequest.class;
    }

    @Override
    public Optional<String> refusal(OptimizeRequest request) {
        return refusal;
    }

    @Override
    public Optional<String> refusal(BundleCard bundle) {
        return checksBundles ? Architectures.unknownIn(bundle) : Optional.empty();
    }

    @Override
    public boolean usesGradients() {
        return gradients;
    }

    @Override
    public JobResult run(OptimizeRequest request, JobContext context) throws IOException {
        started++;
        var resume = context.resumePoint();
        var state = resume.isPresent() ? Files.readString(resume.get().state()) : start(request);
        for (int step = resume.map(ResumePoint::step).orElse(0) + 1; step <= request.steps(); step++) {
            state = next(state, step);
            stepsDone++;
            onStep.accept(step);
            var now = state;
            if (request.previewEvery() > 0 && step % request.previewEvery() == 0) {
                context.preview("preview-" + step + ".txt", now.getBytes(StandardCharsets.UTF_8), "text/plain");
            }
            context.heartbeat(step, request.steps(), Map.of("loss", 1.0 / step), file -> Files.writeString(file, now));
        }
        var artifact = context.store(RESULT, state.getBytes(StandardCharsets.UTF_8), "text/plain");
        return new JobResult(List.of(artifact), Json.tree(Map.of("steps", request.steps())));
    }

    private static String start(OptimizeRequest request) {
        return Digest.of(request.prompt().getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static String next(String state, int step) {
        return Digest.of((state + step).getBytes(StandardCharsets.UTF_8)).hex();
    }
}
