package org.atelier.common.api;

import java.util.List;

import org.atelier.common.request.Violation;
import org.jspecify.annotations.Nullable;

/**
 * An error of the API, as RFC 9457 problem details.
 *
 * @param type       a stable name of the kind of error: {@code urn:atelier:problem:<kind>}
 * @param title      the kind in words, always the same for a type
 * @param status     the HTTP status
 * @param detail     what happened this time and what to do about it
 * @param instance   the path that was asked for
 * @param violations what is wrong with the body, field by field; empty for other errors
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        List<Violation> violations) {
    /** Media type of such a document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        violations = violations == null ? List.of() : List.copyOf(violations);
    }
}
