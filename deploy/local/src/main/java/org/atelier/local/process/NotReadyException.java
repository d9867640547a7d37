package org.atelier.local.process;

/** A child process lives and did not become ready in time. */
public final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotReadyException(String message) {
        super(message);
    }
}
