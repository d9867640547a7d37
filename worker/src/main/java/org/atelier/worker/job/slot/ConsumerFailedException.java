package org.atelier.worker.job.slot;

/** A share consumer is of no more use; another one may be. */
public final class ConsumerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** It was not even tried. */
    public ConsumerFailedException(String message) {
        super(message);
    }

    public ConsumerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
