package org.atelier.worker.checkpoint.io;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/** What one file has used of its limits; shared by the files that are nested in it. */
public final class ReadBudget {
    private final ReadLimits limits;

    private int instructions;

    private long values;

    private long textBytes;

    private int nestedFiles;

    public ReadBudget(ReadLimits limits) {
        this.limits = limits;
    }

    /** The limits that this counts against. */
    public ReadLimits limits() {
        return limits;
    }

    /** Counts one instruction of a pickle. */
    public void instruction() {
        instructions++;
        check(instructions <= limits.instructions(), "more than " + limits.instructions() + " pickle instructions");
    }

    /** Counts one value that a pickle pushes. */
    public void value() {
        values(1);
    }

    /** Counts values before they are put into one more container. */
    public void values(int count) {
        values += count;
        check(values <= limits.values(), "more than " + limits.values() + " values");
    }

    /** Counts text before it is decoded. */
    public void text(long bytes) {
        textBytes += bytes;
        check(textBytes <= limits.textBytes(), "more than " + limits.textBytes() + " bytes of text");
    }

    /** Checks a memo before it grows. */
    public void memo(int entries) {
        check(entries <= limits.memo(), "a memo of more than " + limits.memo() + " entries");
    }

    /** Checks the depth of containers. */
    public void nesting(int depth) {
        check(depth <= limits.nesting(), "containers nested deeper than " + limits.nesting());
    }

    /** Enters a file within the file; leave it with {@link #leaveNestedFile()}. */
    public void enterNestedFile() {
        check(nestedFiles < limits.nestedFiles(), "files nested deeper than " + limits.nestedFiles());
        nestedFiles++;
    }

    /** Leaves a file within the file. */
    public void leaveNestedFile() {
        nestedFiles--;
    }

    private static void check(boolean within, String found) {
        if (!within) {
            throw new RefusedFileException(Reason.OVER_LIMIT, "The file holds " + found
                    + ". No published checkpoint does; it is damaged, or made to exhaust its reader.");
        }
    }
}
