package org.atelier.worker.job.slot;

/** A share consumer is of no more use; another one may be. */
public final class ConsumerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConsumerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
