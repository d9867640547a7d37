package org.atelier.common.client;

import java.util.stream.Collectors;

import org.atelier.common.api.Problem;

/** The dispatcher answered that it will not. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public RefusedException(Problem problem) {
        super(describe(problem));
        this.problem = problem;
    }

    /** What the dispatcher said. */
    public Problem problem() {
        return problem;
    }

    private static String describe(Problem problem) {
        var head = problem.title() + " (" + problem.status() + "): " + problem.detail();
        return head + problem.violations().stream()
                .map(violation -> System.lineSeparator() + "  "
                        + (violation.field().isEmpty() ? "the request" : violation.field()) + " "
                        + violation.message())
                .collect(Collectors.joining());
    }
}
