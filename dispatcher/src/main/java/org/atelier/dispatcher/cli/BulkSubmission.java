package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Submissions from a file, one on each line, sent in as many requests as they need. The job's ids are standard output, one
 * on each line; what is refused is told on standard error with the number of its line.
 */
final class BulkSubmission {
    /** Most of one request; the dispatcher takes no more. */
    private static final int AT_ONCE = 1_000;
    /** Bytes of one request; the dispatcher takes a little more. */
    private static final int MAX_BYTES = 3 << 20;

    private final ApiCommand command;
    private int accepted;
    private int known;
    private int refused;

    BulkSubmission(ApiCommand command) {
        this.command = command;
    }

    private record Line(int number, String text) {
        int size() {
            return text.getBytes(StandardCharsets.UTF_8).length + 1;
        }
    }

    /** @return exit code: {@link ExitCode#REFUSED} where any was refused */
    int send(Path file, DispatcherClient client) throws InterruptedException {
        var batch = new ArrayList<Line>();
        int size = 0;
        for (var line : lines(file)) {
            if (batch.size() == AT_ONCE || !batch.isEmpty() && size + line.size() > MAX_BYTES) {
                send(batch, client);
                batch.clear();
                size = 0;
            }
            batch.add(line);
            size += line.size();
        }
        if (!batch.isEmpty()) {
            send(batch, client);
        }
        command.err().println(accepted + " accepted, " + known + " known already, " + refused + " refused");
        return refused == 0 ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static List<Line> lines(Path file) {
        try {
            var lines = new ArrayList<Line>();
            var all = file.equals(SubmitCommand.STANDARD_INPUT)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()
                    : Files.readAllLines(file);
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).isBlank()) {
                    lines.add(new Line(i + 1, all.get(i)));
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException("the submissions cannot be read: " + e, e);
        }
    }

    private void send(List<Line> batch, DispatcherClient client) throws InterruptedException {
        var text = new StringBuilder();
        batch.forEach(line -> text.append(line.text).append('\n'));
        var report = client.submitAll(text.toString());
        accepted += report.path("accepted").asInt();
        known += report.path("known").asInt();
        refused += report.path("refused").asInt();
        if (command.json()) {
            command.printJson(report);
            return;
        }
        for (var item : report.path("items")) {
            tell(batch.get(item.path("index").asInt()), item);
        }
        command.out().flush();
    }

    private void tell(Line line, JsonNode item) {
        var problem = item.path("problem");
        if (problem.isMissingNode()) {
            command.out().println(item.path("job").asText());
            return;
        }
        command.err().println("line " + line.number + ": " + problem.path("title").asText() + ": " + problem.path(
                "detail").asText());
        for (var violation : problem.path("violations")) {
            command.err().println("  " + violation.path("field").asText() + " " + violation.path("message").asText());
        }
    }
}
