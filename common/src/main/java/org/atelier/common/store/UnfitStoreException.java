package org.atelier.common.store;

/** The store does not keep the promises that Atelier needs; the process refuses to start. */
public final class UnfitStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnfitStoreException(String message) {
        super(message);
    }
}
