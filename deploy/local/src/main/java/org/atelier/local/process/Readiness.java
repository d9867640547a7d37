package org.atelier.local.process;

import java.io.IOException;

/** A question that a child process can answer only when it does its work. */
@FunctionalInterface
public interface Readiness {
    /**
     * Asks once, and waits at most about a second for the answer.
     *
     * @throws IOException if there was no answer, which is the same as no
     */
    boolean answered() throws IOException, InterruptedException;
}
