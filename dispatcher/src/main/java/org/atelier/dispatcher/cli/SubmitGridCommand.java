package org.atelier.dispatcher.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code submit grid}: every combination of some values of a request in a file. */
@Command(name = "grid", description = "Runs a request with every combination of some values, and makes a table and a"
        + " captioned sheet of what comes of it.")
final class SubmitGridCommand extends SubmittingCommand {
    @Option(names = {"-f",
            "--file"}, required = true, description = "The request that all have in common: a JSON document,"
                    + " a whole submission or its request alone; \"-\" for standard input.")
    private @Nullable Path file;

    @Option(names = "--axis", required = true, paramLabel = "POINTER=VALUES", description = "Values of a field, for example"
            + " /steps=50,100 or '/prompt=[\"a smile\", \"a beard\"]'. May be given several times.")
    private Map<String, String> axes = new LinkedHashMap<>();

    @Option(names = "--columns", paramLabel = "POINTER", description = "The axis that makes the columns of the sheet.")
    private @Nullable String columns;

    @Override
    SubmissionBody body() {
        var body = SubmitCommand.read(Objects.requireNonNull(file));
        var base = body.replaceRequest("grid");
        var bundle = base.remove("bundle");
        if (bundle != null) {
            body.request().set("bundle", bundle);
        }
        body.request().set("base", base);
        axes.forEach((axis, values) -> body.request().withObject("/axes").set(axis, values(values)));
        if (columns != null) {
            body.request().put("columns", columns);
        }
        return body;
    }

    /** A JSON array, or values between commas. */
    private static JsonNode values(String text) {
        var whole = SubmissionBody.value(text);
        if (whole.isArray()) {
            return whole;
        }
        var values = Json.mapper().createArrayNode();
        for (var value : text.split(",", -1)) {
            values.add(SubmissionBody.value(value.strip()));
        }
        return values;
    }
}
