package org.atelier.dispatcher.cli;

/** What the commands tell the shell. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The command worked; the job failed or was cancelled. */
    public static final int JOB_NOT_SUCCEEDED = 1;
    /** The command was written wrong. */
    public static final int USAGE = 2;
    /** The dispatcher could not be reached. */
    public static final int UNREACHABLE = 3;
    /** The dispatcher refused; it said why. */
    public static final int REFUSED = 4;
    /** Anything else went wrong on this machine. */
    public static final int FAILED = 5;
    /** Interrupted by the user, as shells count it. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
