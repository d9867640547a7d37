package org.atelier.dispatcher.access;

/** Somebody did not prove who it is. The message says why, and has nothing of what was offered as proof. */
public final class NotAdmittedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAdmittedException(String message) {
        super(message);
    }
}
