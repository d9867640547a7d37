package org.atelier.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QualityBenchTest {
    private static final String BUNDLE = "../models/avatar-128";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        return new CommandLine(new QualityBench()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(
                arguments);
    }

    @Test
    void methodsAreReportedByPromptAndGroup() throws Exception {
        var file = folder.resolve("quality.json");

        int status = run("--bundle", BUNDLE, "--seeds", "1", "--prompts", "1", "--methods", "delta,best,faithful:w+",
                "--steps", "1", "--out", file.toString());

        assertThat(status).as(err.toString()).isZero();
        assertThat(out.toString()).contains("delta ", "best ", "faithful:w+ ", "control", "pasted",
                "a person with a lush beard",
                "afro hair");
        var report = Json.read(Files.readAllBytes(file), JsonNode.class).path("methods");
        assertThat(report.at("/delta/all/edits").asInt()).isEqualTo(2);
        assertThat(report.at("/delta/all/reached").asDouble()).as("beard and afro hair").isEqualTo(1);
        assertThat(report.at("/delta/control/reached").asDouble()).as("without being asked for").isZero();
        assertThat(report.at("/delta/pasted/reached").asDouble()).as("what is pasted is what was made").isEqualTo(1);
        assertThat(report.at("/delta/pasted/kept").asDouble()).as("of what was not pasted more stays")
                .isGreaterThanOrEqualTo(report.at("/delta/all/kept").asDouble());
        assertThat(report.at("/delta/groups/face/edits").asInt()).isEqualTo(1);
        assertThat(report.at("/faithful:w+/all/reached").asDouble()).as("after one step").isZero();
        assertThat(report.at("/best/all/kept").asDouble()).isBetween(0.2, 1.0);
    }

    @Test
    void whatItDoesNotKnowIsSaid() {
        assertThat(run("--bundle", BUNDLE, "--methods", "magic")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("no method \"magic\"");
    }
}
