package org.atelier.dispatcher.compose;

import java.util.Optional;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.JobId;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;

/**
 * A part that has ended.
 *
 * @param job      the part
 * @param manifest how
 */
public record EndedPart(JobId job, Manifest manifest) {
    /** Whether it has a result. */
    public boolean succeeded() {
        return manifest.outcome() == Outcome.SUCCEEDED;
    }

    /** Why it has none, in one sentence. */
    public String reason() {
        var failure = manifest.failure();
        return failure == null
                ? "It was cancelled."
                : failure.category() + ": " + failure.message();
    }

    /** What it made under a name; empty if there is no such thing. */
    public Optional<Artifact> artifact(String name) {
        return manifest.artifacts().stream().filter(artifact -> artifact.name().equals(name)).findFirst();
    }

    /** One of its final losses; empty if its account has none of that name. */
    public Optional<Double> loss(String name) {
        var summary = manifest.summary();
        var loss = summary == null ? null : summary.path("losses").get(name);
        return loss == null || !loss.isNumber() ? Optional.empty() : Optional.of(loss.asDouble());
    }
}
