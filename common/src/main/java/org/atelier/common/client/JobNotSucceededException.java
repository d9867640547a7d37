package org.atelier.common.client;

import java.util.Locale;
import java.util.Optional;

import org.atelier.common.error.JobFailure;
import org.atelier.common.ledger.Manifest;

/** The run that was awaited failed or was cancelled. Its message is the failure's, which says what to do. */
public final class JobNotSucceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Manifest manifest;

    public JobNotSucceededException(Manifest manifest) {
        super(describe(manifest));
        this.manifest = manifest;
    }

    /** How it ended. */
    public Manifest manifest() {
        return manifest;
    }

    /** Why it failed; empty if it was cancelled. */
    public Optional<JobFailure> failure() {
        return Optional.ofNullable(manifest.failure());
    }

    private static String describe(Manifest manifest) {
        var outcome = "the run " + manifest.run() + " " + manifest.outcome().name().toLowerCase(Locale.ROOT);
        var failure = manifest.failure();
        return failure == null ? outcome : outcome + ": " + failure.category() + ", " + failure.message();
    }
}
