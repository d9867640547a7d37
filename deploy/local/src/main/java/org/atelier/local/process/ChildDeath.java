package org.atelier.local.process;

import java.nio.file.Path;
import java.util.List;

/**
 * The end of a child that nobody asked for.
 *
 * @param name      of the child
 * @param status    its exit status; more than 128 where a signal ended it
 * @param lastLines the end of its output
 * @param log       the whole of its output
 */
public record ChildDeath(String name, int status, List<String> lastLines, Path log) {
    private static final int SIGNALLED = 128;

    /** Several lines for a person: who died, how, and what it said last. */
    public String describe() {
        var how = status > SIGNALLED ? "was ended by signal " + (status - SIGNALLED) : "ended with status " + status;
        var said = lastLines.isEmpty()
                ? "It wrote nothing."
                : "Its last lines:" + System.lineSeparator() + "    "
                        + String.join(System.lineSeparator() + "    ", lastLines);
        return "The " + name + " " + how + ". " + said + System.lineSeparator() + "Its whole log: " + log;
    }
}
