package org.atelier.chaos.simulation;

/** The end of a process. No code of it may do anything after this. */
final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
        super("the process is dead", null, false, false);
    }
}
