package org.atelier.common.error;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.jspecify.annotations.Nullable;

/**
 * Ends an attempt with a category. Code that knows why a job cannot go on throws this; anything else that escapes a
 * runner is reported as {@link ErrorCategory#INTERNAL}.
 */
public class JobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Longest stack trace kept as evidence, in characters: events are limited to 64 kB. */
    private static final int MAX_DETAIL = 8_000;

    private final ErrorCategory category;

    /** @param message one sentence for a person: what happened, and what to do about it */
    public JobException(ErrorCategory category, String message) {
        this(category, message, null);
    }

    /** @param cause what lies behind it; its stack trace becomes the failure's detail */
    public JobException(ErrorCategory category, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** The kind of failure. */
    public ErrorCategory category() {
        return category;
    }

    /** This exception as data. */
    public JobFailure failure() {
        var cause = getCause();
        return new JobFailure(category, category.retryable(), String.valueOf(getMessage()),
                cause == null ? null : trace(cause));
    }

    /** Any exception as data: a {@link JobException} says itself what it is, everything else is INTERNAL. */
    public static JobFailure describe(Throwable thrown) {
        if (thrown instanceof JobException known) {
            return known.failure();
        }
        if (thrown instanceof OutOfMemoryError) {
            return new JobFailure(ErrorCategory.OUT_OF_MEMORY, true,
                    "The worker process ran out of heap; give it more memory or the job less.", trace(thrown));
        }
        return new JobFailure(ErrorCategory.INTERNAL, true,
                "A defect stopped the attempt (" + thrown + "); please report it with the detail.", trace(thrown));
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.getBuffer().length() <= MAX_DETAIL ? text.toString() : text.toString().substring(0, MAX_DETAIL);
    }
}
