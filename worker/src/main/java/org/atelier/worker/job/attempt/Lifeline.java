package org.atelier.worker.job.attempt;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.atelier.common.event.Message.Progress;
import org.atelier.common.job.AttemptId;
import org.atelier.worker.job.runner.AttemptStoppedException;
import org.atelier.worker.job.runner.StopReason;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.jspecify.annotations.Nullable;

/**
 * What the threads around a running attempt share: how far it is, and whether it must stop. Whoever wants it stopped says
 * so here; the attempt finds out at its next heartbeat.
 */
public final class Lifeline {
    private static final Progress NOTHING_YET = new Progress(0, 0, null, null, null);

    private final AttemptId attempt;
    private final Flag stopped;
    private final Flag lost;
    private final Timing timing;
    private final AtomicReference<@Nullable Long> stoppedAt = new AtomicReference<>();
    private final AtomicReference<@Nullable StopReason> reason = new AtomicReference<>();
    private final AtomicReference<Progress> progress = new AtomicReference<>(NOTHING_YET);

    public Lifeline(AttemptId attempt, Timing timing) {
        this.attempt = attempt;
        this.timing = timing;
        this.stopped = timing.newFlag();
        this.lost = timing.newFlag();
    }

    /** The attempt. */
    public AttemptId attempt() {
        return attempt;
    }

    /** Wants the attempt stopped. Of several reasons the gravest is kept. */
    public void stop(StopReason why) {
        stoppedAt.compareAndSet(null, timing.nanos());
        var kept = reason.accumulateAndGet(why,
                (old, next) -> old != null && old.gravity() >= next.gravity() ? old : next);
        stopped.raise();
        if (isLoss(kept)) {
            lost.raise();
        }
    }

    private static boolean isLoss(StopReason reason) {
        return reason instanceof StopReason.LeaseLost || reason instanceof StopReason.Superseded;
    }

    /** How long ago it was first wanted stopped; empty if nobody does. */
    public Optional<Duration> sinceStop() {
        return Optional.ofNullable(stoppedAt.get()).map(timing::since);
    }

    /** Why it must stop, or empty if it need not. */
    public Optional<StopReason> stopReason() {
        return Optional.ofNullable(reason.get());
    }

    /**
     * Passes unless the attempt must stop.
     *
     * @throws AttemptStoppedException if it must
     */
    public void check() {
        stopReason().ifPresent(why -> {
            throw new AttemptStoppedException(why);
        });
    }

    /**
     * Passes if a result that is ready may end the run: a worker that leaves still hands in what it has done.
     *
     * @throws AttemptStoppedException if it may not
     */
    public void checkMayEnd() {
        if (!(reason.get() instanceof StopReason.Draining)) {
            check();
        }
    }

    /** Raised once the attempt must stop. */
    public Flag stopped() {
        return stopped;
    }

    /** Raised once the attempt is no longer ours. */
    public Flag lost() {
        return lost;
    }

    /** How far it is. */
    public Progress progress() {
        return progress.get();
    }

    /** Says how far it is. */
    public void report(Progress now) {
        progress.set(now);
    }
}
