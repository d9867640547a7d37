package org.atelier.worker.job.runner;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobType;

/** The runners of a process, one a job type. */
public final class Runners {
    private final Map<JobType, JobRunner<?>> byType;

    private Runners(Map<JobType, JobRunner<?>> byType) {
        this.byType = byType;
    }

    /**
     * Gathers runners.
     *
     * @throws IllegalArgumentException if two run the same type
     */
    public static Runners of(List<JobRunner<?>> runners) {
        var byType = new EnumMap<JobType, JobRunner<?>>(JobType.class);
        for (var runner : runners) {
            if (byType.put(typeOf(runner), runner) != null) {
                throw new IllegalArgumentException("two runners for " + runner.requestType().getSimpleName());
            }
        }
        return new Runners(byType);
    }

    private static JobType typeOf(JobRunner<?> runner) {
        return Arrays.stream(JobType.values())
                .filter(type -> type.requestClass() == runner.requestType())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job type has " + runner.requestType()));
    }

    /** The job types that this process can run. */
    public Set<JobType> types() {
        return Set.copyOf(byType.keySet());
    }

    /** Why this process cannot run a request, or empty if it can. */
    public Optional<String> refusal(JobRequest request) {
        var type = JobType.of(request);
        return byType.containsKey(type)
                ? refusal(runner(type), request)
                : Optional.of("this worker has no runner for " + type);
    }

    private static <R extends JobRequest> Optional<String> refusal(JobRunner<R> runner, JobRequest request) {
        return runner.refusal(runner.requestType().cast(request));
    }

    /** Why this process cannot run a request on a bundle that another may well run on it; empty if it can. */
    public Optional<String> refusal(JobRequest request, BundleCard bundle) {
        return runner(JobType.of(request)).refusal(bundle);
    }

    /** Whether a request computes gradients. */
    public boolean usesGradients(JobRequest request) {
        return runner(JobType.of(request)).usesGradients();
    }

    /** Runs a request with the runner of its type. */
    public JobResult run(JobRequest request, JobContext context) throws Exception {
        return run(runner(JobType.of(request)), request, context);
    }

    private static <R extends JobRequest> JobResult run(JobRunner<R> runner, JobRequest request, JobContext context)
            throws Exception {
        return runner.run(runner.requestType().cast(request), context);
    }

    private JobRunner<?> runner(JobType type) {
        return Optional.<JobRunner<?>>ofNullable(byType.get(type))
                .orElseThrow(() -> new IllegalStateException("no runner for " + type + " was admitted"));
    }
}
