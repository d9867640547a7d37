package org.atelier.common.error;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a job failed, as it is kept in manifests and events.
 *
 * @param category  what kind of failure it was
 * @param retryable whether another attempt can help
 * @param message   one sentence for a person: what happened, and what to do about it
 * @param detail    stack trace or other evidence for an operator; absent where there is none
 */
public record JobFailure(ErrorCategory category, boolean retryable, String message, @Nullable String detail) {
    /** A failure that is as retryable as its category. */
    public static JobFailure of(ErrorCategory category, String message) {
        return new JobFailure(category, category.retryable(), message, null);
    }
}
