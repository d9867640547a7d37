package org.atelier.common.store;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.jspecify.annotations.Nullable;

/** The store could not be reached, refused, or broke off. Whether a write took place is unknown. */
public class StoreException extends JobException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, @Nullable Throwable cause) {
        this(ErrorCategory.STORAGE_UNAVAILABLE, message, cause);
    }

    StoreException(ErrorCategory category, String message, @Nullable Throwable cause) {
        super(category, message, cause);
    }
}
