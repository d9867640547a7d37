package org.atelier.dispatcher.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about any job. */
final class SubmitOptions {
    @Option(names = "--set", paramLabel = "FIELD=VALUE", description = "Set a field of the request, for example"
            + " steps=100 or truncation.psi=0.5. May be given several times.")
    private Map<String, String> fields = Map.of();

    @Option(names = "--preset", description = "Give fields that are not said the values that work on the bundle; the command"
            + " presets lists them. --set FIELD=null leaves one to its published default.")
    private boolean preset;

    @Option(names = "--priority", description = "From -10 to 10; higher ones start first (default: 0).")
    private @Nullable Integer priority;

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "A word to keep with the job.")
    private Map<String, String> labels = Map.of();

    @Option(names = "--subject", paramLabel = "NAME", description = "A person that it is about, by a name that means something"
            + " to you alone, such as person-42: the command erase takes it. May be given several times.")
    private List<String> subjects = List.of();

    @Option(names = "--key", description = "Idempotency key: the same key is the same job, however often it is sent.")
    private @Nullable String key;

    @Option(names = "--watch", description = "Show its progress until it has ended.")
    private boolean watch;

    SubmissionBody applyTo(SubmissionBody body) {
        body.set(fields);
        Optional.ofNullable(priority).ifPresent(body::priority);
        if (!labels.isEmpty()) {
            body.labels(labels);
        }
        if (!subjects.isEmpty()) {
            body.subjects(subjects);
        }
        return body;
    }

    boolean preset() {
        return preset;
    }

    Optional<String> key() {
        return Optional.ofNullable(key);
    }

    boolean watch() {
        return watch;
    }
}
