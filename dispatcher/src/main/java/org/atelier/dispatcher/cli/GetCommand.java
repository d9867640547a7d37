package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code get}: everything about one job, and its artifacts. */
@Command(name = "get", description = "Shows a job, and downloads what it made.")
public final class GetCommand extends ApiCommand {
    private static final String ROW = "%-10s %s%n";
    private static final String DETAIL = "%-8s %s";

    @Parameters(paramLabel = "JOB", converter = JobIdConverter.class, description = "Id of the job.")
    private @Nullable JobId id;

    @Option(names = "--download", paramLabel = "DIR", description = "Save its artifacts in this folder.")
    private @Nullable Path folder;

    @Mixin
    private PictureOption pictures = new PictureOption();

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var job = new JobDocument(client.job(Objects.requireNonNull(id)));
        if (json()) {
            printJson(job.tree());
        } else {
            print(job);
            pictures.show(client, job.id());
        }
        if (folder != null) {
            download(client, job, folder);
        }
        return ExitCode.OK;
    }

    private void print(JobDocument job) {
        out().printf(ROW, "job", job.id());
        out().printf(ROW, "type", job.type() + " on " + job.bundle());
        out().printf(ROW, "state", colours().state(job.state()));
        line("progress", job.progress());
        line("accepted", job.acceptedAt());
        line("started", job.startedAt());
        line("waits", job.waitingFor());
        line("ended", job.endedAt());
        line("freed", job.freedAfter());
        line("failure", job.failure());
        out().printf(ROW, "request", Json.pretty(job.request()).strip().replace(System.lineSeparator(),
                System.lineSeparator() + " ".repeat(11)));
        job.attempts().forEach(this::print);
        line("part of", job.composite());
        for (var part : job.parts()) {
            out().printf(ROW, "part", part.phase() + "." + part.index() + " " + part.id() + ", " + part.type() + ", "
                    + JobDocument.word(part.state()));
        }
        for (var download : job.artifacts()) {
            var artifact = download.artifact();
            out().printf(ROW, "artifact", artifact.name() + ", " + JobDocument.size(artifact.size()) + ", "
                    + artifact.digest());
        }
        out().flush();
    }

    private void print(JobView.Attempt attempt) {
        out().printf(ROW, "attempt", attempt.run() + "." + attempt.attempt() + place(attempt));
        detail("queued", attempt.queuedAt());
        detail("started", attempt.startedAt());
        detail("ended", attempt.endedAt());
        if (attempt.step() != null) {
            detail("steps", attempt.resumedFrom() + " to " + attempt.step());
        }
        if (attempt.deviceSeconds() != null) {
            detail("device", String.format(Locale.ROOT, "%.1f s", attempt.deviceSeconds()));
        }
        if (attempt.failure() != null) {
            detail("failure", attempt.failure().category() + ": " + attempt.failure().message());
        }
        attempt.log().forEach(line -> detail("log", line));
        attempt.evidence().forEach(key -> detail("store", key));
    }

    private static String place(JobView.Attempt attempt) {
        if (attempt.worker() == null) {
            return ", not claimed";
        }
        return " by " + attempt.worker() + (attempt.slot() == null ? "" : ", " + attempt.slot())
                + (attempt.host() == null ? "" : ", on " + attempt.host());
    }

    private void detail(String name, @Nullable Instant value) {
        if (value != null) {
            detail(name, JobDocument.toSeconds(value.toString()));
        }
    }

    private void detail(String name, String value) {
        out().printf(ROW, "", String.format(Locale.ROOT, DETAIL, name, value));
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            out().printf(ROW, name, value);
        }
    }

    private void download(DispatcherClient client, JobDocument job, Path target) throws InterruptedException {
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + target + " cannot be made", e);
        }
        for (var download : job.artifacts()) {
            // A name is a name and no path, whatever the dispatcher sends.
            var file = target.resolve(Path.of(download.artifact().name()).getFileName());
            client.download(download, file);
            err().println("saved " + file);
        }
    }
}
