package org.atelier.common.store;

import org.atelier.common.error.ErrorCategory;

/** An object that should be there is not. */
public final class NoSuchObjectException extends StoreException {
    private static final long serialVersionUID = 1L;

    public NoSuchObjectException(String key) {
        super(ErrorCategory.INPUT_UNREADABLE, "The store has no object \"" + key + "\".", null);
    }
}
