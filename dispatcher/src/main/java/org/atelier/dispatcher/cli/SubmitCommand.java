package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code submit}: a job from a file, or from flags by one of its subcommands. */
@Command(name = "submit", description = "Submits a job, from a JSON file or from flags.", subcommands = {
        SubmitOptimizeCommand.class, SubmitGenerateCommand.class, SubmitGridCommand.class,
        SubmitPromptSweepCommand.class}, footer = {
                "%nExamples:",
                "  submit optimize --bundle avatar-128 --seed 7 --prompt \"a big smile\" --set steps=100 --watch",
                "  submit optimize --bundle avatar-128 --seed 7 --prompt \"a big smile\" --preset",
                "  submit generate --bundle avatar-128 --seeds 1-9 --grid 3",
                "  submit prompt-sweep --bundle avatar-128 --seed 7 --prompt bald --prompt hairless --watch",
                "  submit grid --file edit.json --axis /steps=50,100 --axis '/prompt=[\"a smile\", \"a beard\"]'",
                "  submit --file job.json --key order-4711",
                "  submit --bulk jobs.ndjson"})
public final class SubmitCommand extends SubmittingCommand {
    static final Path STANDARD_INPUT = Path.of("-");

    @Option(names = {"-f", "--file"}, description = "A JSON document: a whole submission, or its request alone;"
            + " \"-\" for standard input.")
    private @Nullable Path file;

    @Option(names = "--bulk", paramLabel = "FILE", description = "Submissions, one JSON document on each line, each with an"
            + " \"id\" or an \"idempotency_key\" of its own so that the file can be sent again; \"-\" for standard"
            + " input. Other options than --json have no effect on them.")
    private @Nullable Path bulk;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (bulk == null) {
            return super.run(client);
        }
        if (file != null) {
            throw usage("--file is one submission and --bulk are many: name one of them");
        }
        return new BulkSubmission(this).send(bulk, client);
    }

    @Override
    SubmissionBody body() {
        if (file == null) {
            throw usage(
                    "say what to submit: --file FILE, or one of the subcommands optimize, generate, grid, prompt-sweep");
        }
        return read(file);
    }

    /** A document that was written by hand, from a file or from standard input. */
    static SubmissionBody read(Path file) {
        try {
            return SubmissionBody.read(file.equals(STANDARD_INPUT)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the submission cannot be read: " + e, e);
        }
    }
}
