package org.atelier.local.process;

/** A child process ended that should not have. */
public final class ChildDiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChildDiedException(ChildDeath death) {
        super(death.describe());
    }
}
