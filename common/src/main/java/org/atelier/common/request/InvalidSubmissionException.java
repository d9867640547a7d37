package org.atelier.common.request;

import java.util.List;
import java.util.stream.Collectors;

/** A submission that cannot become a job, with everything that is wrong with it. */
public final class InvalidSubmissionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public InvalidSubmissionException(List<Violation> violations) {
        super(violations.stream()
                .map(violation -> violation.field() + ": " + violation.message())
                .collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    /** One entry for each thing that is wrong; never empty. */
    public List<Violation> violations() {
        return violations;
    }
}
