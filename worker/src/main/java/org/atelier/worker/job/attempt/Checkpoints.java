package org.atelier.worker.job.attempt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.Checkpoint;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.ResumePoint;
import org.atelier.worker.job.runner.StateWriter;
import org.atelier.worker.job.time.Timing;
import org.atelier.worker.job.trace.AttemptSpan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoints of one attempt, and finds the one that it goes on from. Used by the attempt's own thread. */
final class Checkpoints {
    private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
    private static final String NAME = "checkpoint";
    /** The runner knows what its state looks like; to everybody else it is bytes. */
    private static final String BINARY = "application/octet-stream";

    private final AttemptId attempt;
    private final JobLedger ledger;
    private final BlobStore blobs;
    private final Scratch scratch;
    private final StoreRetry retry;
    private final Timing timing;
    private final Duration interval;
    private final WorkerMetrics metrics;
    private final AttemptSpan span;
    private long lastTry;
    private int lastStep = -1;

    /** @param interval time between two checkpoints */
    Checkpoints(AttemptId attempt, JobLedger ledger, BlobStore blobs, Scratch scratch, StoreRetry retry, Timing timing,
            Duration interval, WorkerMetrics metrics, AttemptSpan span) {
        this.attempt = attempt;
        this.ledger = ledger;
        this.blobs = blobs;
        this.scratch = scratch;
        this.retry = retry;
        this.timing = timing;
        this.interval = interval;
        this.metrics = metrics;
        this.span = span;
        this.lastTry = timing.nanos();
    }

    /**
     * The newest whole checkpoint of an earlier attempt. One that is damaged or gone is passed over for the one before: a
     * wrong state would give a wrong result.
     */
    Optional<ResumePoint> newest() {
        var before = attempt;
        while (true) {
            var place = before;
            var found = retry.call(() -> ledger.checkpointBefore(place));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            var checkpoint = found.get();
            var file = newFile();
            try {
                retry.call(() -> download(checkpoint, file));
                lastStep = checkpoint.step();
                return Optional.of(new ResumePoint(checkpoint.step(), file));
            } catch (JobException e) {
                if (e.category() != ErrorCategory.INPUT_UNREADABLE) {
                    throw e;
                }
                log.warn("{}: the checkpoint of {} at step {} cannot be used, an earlier one is looked for: {}",
                        attempt,
                        checkpoint.attempt(), checkpoint.step(), e.getMessage());
                before = checkpoint.attempt();
            }
        }
    }

    private Path newFile() {
        try {
            return scratch.newFile();
        } catch (IOException e) {
            throw new JobException(ErrorCategory.INTERNAL,
                    "No scratch file could be made; make sure that the folder for"
                            + " temporary files can be written and has room.", e);
        }
    }

    private Path download(Checkpoint checkpoint, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new JobException(ErrorCategory.INTERNAL, "A half-read checkpoint could not be removed.", e);
        }
        blobs.download(checkpoint.state().digest(), file);
        return file;
    }

    /** Writes a checkpoint if the last one is an interval ago. */
    void saveIfDue(int step, StateWriter state) {
        if (timing.since(lastTry).compareTo(interval) >= 0) {
            save(step, state);
        }
    }

    /** Writes a checkpoint, unless the last one was of this very step. A store or a disk that does not take it is no reason to stop. */
    void save(int step, StateWriter state) {
        if (step == lastStep) {
            return;
        }
        span.during("checkpoint", () -> {
            span.say(SpanAttributes.STEP, (long) step);
            write(step, state);
        });
    }

    private void write(int step, StateWriter state) {
        Path file = null;
        try {
            file = scratch.newFile();
            state.write(file);
            var blob = blobs.put(NAME, file, BINARY);
            ledger.save(new Checkpoint(attempt, step, blob));
            lastStep = step;
            metrics.checkpointed();
        } catch (StoreException | IOException e) {
            log.warn(
                    "{}: no checkpoint at step {}; if the attempt ends before the next one, more work is done again: {}",
                    attempt, step, e.toString());
        } finally {
            lastTry = timing.nanos();
            remove(file);
        }
    }

    private void remove(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{}: the scratch file {} stays until the attempt ends", attempt, file, e);
        }
    }
}
