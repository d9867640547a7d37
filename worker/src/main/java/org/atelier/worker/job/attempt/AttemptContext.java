package org.atelier.worker.job.attempt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.event.Message.Progress;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.worker.job.attempt.Phases.Phase;
import org.atelier.worker.job.bundle.BundleCache;
import org.atelier.worker.job.bundle.LocalBundle;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.ResumePoint;
import org.atelier.worker.job.runner.StateWriter;
import org.atelier.worker.job.runner.StopReason;
import org.atelier.worker.job.time.Timing;
import org.atelier.worker.job.trace.AttemptSpan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The context of one attempt. */
final class AttemptContext implements JobContext {
    /** Most previews in one progress event, the newest ones: events are limited to 64 kB. */
    static final int MAX_PREVIEWS = 16;

    private static final Logger log = LoggerFactory.getLogger(AttemptContext.class);

    private final Lifeline lifeline;
    private final BundleCache bundles;
    private final String bundleReference;
    private final BlobStore blobs;
    private final OtherJobs otherJobs;
    private final StoreRetry retry;
    private final Checkpoints checkpoints;
    private final Phases phases;
    private final AttemptSpan span;
    private final Eta eta;
    private final Deque<Artifact> previews = new ArrayDeque<>();
    private @Nullable LocalBundle bundle;
    private @Nullable Optional<ResumePoint> resumePoint;

    AttemptContext(Lifeline lifeline, BundleCache bundles, String bundleReference, BlobStore blobs, OtherJobs otherJobs,
            StoreRetry retry,
            Checkpoints checkpoints, Phases phases, AttemptSpan span, Timing timing) {
        this.lifeline = lifeline;
        this.bundles = bundles;
        this.bundleReference = bundleReference;
        this.blobs = blobs;
        this.otherJobs = otherJobs;
        this.retry = retry;
        this.checkpoints = checkpoints;
        this.phases = phases;
        this.span = span;
        this.eta = new Eta(timing);
    }

    @Override
    public AttemptId attempt() {
        return lifeline.attempt();
    }

    @Override
    public LocalBundle bundle() {
        if (bundle == null) {
            bundle = within(Phase.LOAD, "load bundle", () -> retry.call(() -> bundles.get(bundleReference)));
        }
        return bundle;
    }

    @Override
    public Optional<ResumePoint> resumePoint() {
        if (resumePoint == null) {
            resumePoint = within(Phase.LOAD, "load state", checkpoints::newest);
        }
        return resumePoint;
    }

    @Override
    public byte[] read(Digest digest) {
        return within(Phase.LOAD, "load input", () -> retry.call(() -> blobs.get(digest)));
    }

    @Override
    public Artifact result(JobId job, String name) {
        return within(Phase.LOAD, "load input", () -> retry.call(() -> otherJobs.find(job, name)));
    }

    @Override
    public Artifact store(String name, byte[] bytes, String mediaType) {
        return stored(name, () -> blobs.put(name, bytes, mediaType));
    }

    @Override
    public Artifact store(String name, Path file, String mediaType) {
        return stored(name, () -> blobs.put(name, file, mediaType));
    }

    private Artifact stored(String name, Supplier<Artifact> put) {
        return within(Phase.STORE, "store", () -> {
            span.say(SpanAttributes.ARTIFACT, name);
            return retry.call(put);
        });
    }

    private <T> T within(Phase phase, String name, Supplier<T> what) {
        return phases.within(phase, () -> span.within(name, what));
    }

    @Override
    public void preview(String name, byte[] bytes, String mediaType) {
        try {
            previews.addLast(phases.within(Phase.STORE, () -> blobs.put(name, bytes, mediaType)));
        } catch (StoreException e) {
            log.warn("{}: the preview {} is left out: {}", attempt(), name, e.getMessage());
        }
        if (previews.size() > MAX_PREVIEWS) {
            previews.removeFirst();
        }
    }

    @Override
    public void heartbeat(int step, int steps, Map<String, Double> losses) {
        report(step, steps, losses);
        lifeline.check();
    }

    @Override
    public void heartbeat(int step, int steps, Map<String, Double> losses, StateWriter state) {
        report(step, steps, losses);
        switch (lifeline.stopReason().orElse(null)) {
            case null -> phases.within(Phase.STORE, () -> {
                checkpoints.saveIfDue(step, state);
                return step;
            });
            case StopReason.Draining draining -> checkpoint(step, state);
            // Nobody will go on from here, or somebody already does.
            case StopReason.Cancelled cancelled -> log.debug("{}: no last checkpoint: {}", attempt(), cancelled);
            case StopReason.LeaseLost lost -> log.debug("{}: no last checkpoint: {}", attempt(), lost);
            case StopReason.Superseded superseded -> log.debug("{}: no last checkpoint: {}", attempt(), superseded);
        }
        lifeline.check();
    }

    @Override
    public void checkpoint(int step, StateWriter state) {
        phases.within(Phase.STORE, () -> {
            checkpoints.save(step, state);
            return step;
        });
    }

    private void report(int step, int steps, Map<String, Double> losses) {
        if (step < 0 || step > steps) {
            throw new IllegalArgumentException("step " + step + " of " + steps);
        }
        lifeline.report(new Progress(step, steps, Map.copyOf(losses), eta.seconds(step, steps), List.copyOf(previews)));
    }

    /** The expected time to the end, from the steps that this attempt has done itself. */
    private static final class Eta {
        private static final double MILLIS = 1e3;

        private final Timing timing;
        private int firstStep = -1;
        private long since;

        Eta(Timing timing) {
            this.timing = timing;
        }

        @Nullable
        Double seconds(int step, int steps) {
            if (firstStep < 0) {
                firstStep = step;
                since = timing.nanos();
            }
            int done = step - firstStep;
            Duration spent = timing.since(since);
            return done <= 0 ? null : spent.toMillis() / MILLIS / done * (steps - step);
        }
    }
}
