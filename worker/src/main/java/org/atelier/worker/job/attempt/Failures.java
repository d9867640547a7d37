package org.atelier.worker.job.attempt;

import java.util.Locale;
import java.util.stream.Stream;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.error.JobFailure;
import org.atelier.worker.job.runner.AttemptStoppedException;

/** What an exception that ended a runner means. */
final class Failures {
    /** Longest message of an event, in characters: events are limited to 64 kB. */
    static final int MAX_MESSAGE = 4_000;

    private Failures() {}

    /** Whether it is, or was caused by, the stop that a heartbeat raised. */
    static boolean isStop(Throwable thrown) {
        return causes(thrown).anyMatch(AttemptStoppedException.class::isInstance);
    }

    /** The exception as data. */
    static JobFailure describe(Throwable thrown) {
        var failure = thrown instanceof JobException ? JobException.describe(thrown) : describeUnknown(thrown);
        return failure.message().length() <= MAX_MESSAGE
                ? failure
                : new JobFailure(failure.category(), failure.retryable(), failure.message().substring(0, MAX_MESSAGE),
                        failure.detail());
    }

    private static JobFailure describeUnknown(Throwable thrown) {
        if (!(thrown instanceof OutOfMemoryError) && causes(thrown).anyMatch(Failures::isOutOfMemory)) {
            return new JobException(ErrorCategory.OUT_OF_MEMORY,
                    "The device ran out of memory; use a worker with more, or ask the job for less (a smaller batch or"
                            + " resolution).",
                    thrown).failure();
        }
        return JobException.describe(thrown);
    }

    /**
     * The engine has no exception of its own for it. Its messages: "CUDA out of memory", and of the CPU's allocator "not
     * enough memory: you tried to allocate".
     */
    private static boolean isOutOfMemory(Throwable thrown) {
        var message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return thrown instanceof OutOfMemoryError || message.contains("out of memory")
                || message.contains("not enough memory: you tried to allocate");
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).limit(32);
    }
}
