package org.atelier.dispatcher.http;

import java.util.List;

import org.atelier.common.request.Violation;

/** Ends a request with an error for the caller. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemKind kind;
    private final transient List<Violation> violations;

    ProblemException(ProblemKind kind, String detail) {
        this(kind, detail, List.of());
    }

    ProblemException(ProblemKind kind, String detail, List<Violation> violations) {
        super(detail);
        this.kind = kind;
        this.violations = List.copyOf(violations);
    }

    ProblemKind kind() {
        return kind;
    }

    List<Violation> violations() {
        return violations;
    }
}
