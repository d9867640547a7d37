package org.atelier.common.error;

/**
 * The kinds of failure. The set is closed: retry rules, dashboards and replay filters are written against it.
 *
 * <p>{@link #retryable()} is the default answer; a {@link JobFailure} may say otherwise for its own case.
 */
public enum ErrorCategory {
    /** The request cannot be run as it stands; the caller must change it. */
    INVALID_REQUEST(false),
    /** A named bundle or network does not exist. */
    MODEL_NOT_FOUND(false),
    /** An input blob is missing, damaged, or not what it should be. */
    INPUT_UNREADABLE(false),
    /** No face, or no single face, was found where one is needed. */
    FACE_NOT_FOUND(false),
    /** The device or the process ran out of memory; another worker may have more. */
    OUT_OF_MEMORY(true),
    /** A loss or a latent became NaN or infinite; the message names the step. */
    DIVERGED(false),
    /** One of the job's time limits passed; the message names which. */
    TIMEOUT(true),
    /** Somebody cancelled the job. */
    CANCELLED(false),
    /** The worker was told to leave (drain, scale-in, spot notice); it does not count as a failed attempt. */
    PREEMPTED(true),
    /** The object store could not be reached or refused to serve. */
    STORAGE_UNAVAILABLE(true),
    /** A defect of Atelier, or of something below it. */
    INTERNAL(true);

    private final boolean retryable;

    ErrorCategory(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request may succeed when it is simply tried again. */
    public boolean retryable() {
        return retryable;
    }
}
