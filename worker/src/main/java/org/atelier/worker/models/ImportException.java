package org.atelier.worker.models;

/** An import, export or check that ends for a reason the user can do something about; the message says what. */
final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImportException(String message) {
        super(message);
    }

    ImportException(String message, Throwable cause) {
        super(message, cause);
    }
}
