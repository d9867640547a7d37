package org.atelier.common.kafka;

import java.util.List;
import java.util.stream.Collectors;

import org.atelier.common.request.Violation;

/** The fleet will not run a request that was written to its topic. The message names each field that is wrong. */
public final class RequestRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public RequestRefusedException(List<Violation> violations) {
        super("the request is refused: " + violations.stream()
                .map(violation -> (violation.field().isEmpty() ? "it" : violation.field()) + " " + violation.message())
                .collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    /** What is wrong with it. */
    public List<Violation> violations() {
        return violations;
    }
}
