package org.atelier.dispatcher.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import org.atelier.common.client.JobWatch;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;

/** Shows a job to its end, for {@code watch} and {@code submit --watch}. */
final class Follower {
    /** A dispatcher that restarts is back within seconds; one that is gone for this long is gone. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final DispatcherClient client;
    private final PrintWriter out;
    private final PrintWriter err;
    private final PictureOption pictures;

    /** @param pictures whether and how it shows what the job made */
    Follower(DispatcherClient client, PrintWriter out, PrintWriter err, PictureOption pictures) {
        this.client = client;
        this.out = out;
        this.err = err;
        this.pictures = pictures;
    }

    /** Prints every message as a line of JSON. */
    int followAsJson(JobId job) throws InterruptedException {
        return exitCode(new JobWatch(client.connection(), job, this::printLine, PATIENCE).follow());
    }

    private void printLine(Message message) {
        out.println(Json.text(Map.of("event", MessageType.of(message).shortName(), "data", message)));
        out.flush();
    }

    /** Shows a bar, and at the end what became of the job. */
    int follow(JobId job) throws InterruptedException {
        Manifest manifest;
        try (var display = Terminal.ofThisProcess().display(job.value())) {
            manifest = new JobWatch(client.connection(), job, display::show, PATIENCE).follow();
        }
        var outcome = manifest.outcome().name().toLowerCase(Locale.ROOT);
        var failure = manifest.failure();
        err.println(job + " " + Colours.ofThisProcess().state(outcome) + (failure == null
                ? ""
                : ": " + failure.category() + ", "
                        + failure.message()));
        if (manifest.outcome() == Outcome.SUCCEEDED) {
            err.flush();
            pictures.show(client, job);
            err.println("Save what it made: get " + job + " --download DIR");
        }
        err.flush();
        return exitCode(manifest);
    }

    private static int exitCode(Manifest manifest) {
        return manifest.outcome() == Outcome.SUCCEEDED ? ExitCode.OK : ExitCode.JOB_NOT_SUCCEEDED;
    }
}
