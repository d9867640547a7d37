package org.atelier.chaos.worker;

import java.nio.charset.StandardCharsets;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;

/**
 * Hashes of hashes, one a step: the last one is right only if every step was done, once and in order, from the state before
 * it.
 */
public final class Chain {
    /** What the result is called. */
    public static final String RESULT = "chain.txt";

    private Chain() {}

    /** The state before the first step. Only of what no dispatcher fills in. */
    public static String start(JobRequest request) {
        return Digest.of(switch (request) {
            case OptimizeRequest optimize -> optimize.prompt().getBytes(StandardCharsets.UTF_8);
            case GenerateRequest generate -> Json.bytes(generate.sources());
            default -> throw unknown(request);
        }).hex();
    }

    /** The state after a step. */
    public static String next(String state, int step) {
        return Digest.of((state + step).getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** How many steps a request has. */
    public static int steps(JobRequest request) {
        return switch (request) {
            case OptimizeRequest optimize -> optimize.steps();
            case GenerateRequest generate -> generate.sources().size();
            default -> throw unknown(request);
        };
    }

    private static IllegalArgumentException unknown(JobRequest request) {
        return new IllegalArgumentException("chaos computes no " + request.getClass().getSimpleName());
    }

    /** The result of an undisturbed run. */
    public static Digest result(JobRequest request) {
        var state = start(request);
        for (int step = 1; step <= steps(request); step++) {
            state = next(state, step);
        }
        return Digest.of(state.getBytes(StandardCharsets.UTF_8));
    }
}
