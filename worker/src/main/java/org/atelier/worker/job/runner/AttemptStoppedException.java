package org.atelier.worker.job.runner;

/**
 * Ends a runner whose attempt must stop; thrown by {@link JobContext#heartbeat}. A runner lets it pass, after releasing
 * what it holds.
 */
public final class AttemptStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StopReason reason;

    public AttemptStoppedException(StopReason reason) {
        super(reason.toString(), null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public StopReason reason() {
        return reason;
    }
}
