package org.atelier.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NadaBenchTest {
    private static final int OK = 0;
    private static final int USAGE = 2;

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();

    private int bench(String... arguments) {
        return new CommandLine(new NadaBench()).setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed))
                .execute(arguments);
    }

    @Test
    void anIterationIsTimed() throws IOException {
        var out = folder.resolve("bench.json");

        assertThat(bench("--bundle", "../models/avatar-128", "--steps", "2", "--warm-up", "0", "--batch", "1",
                "--select", "--out", out.toString())).isEqualTo(OK);

        var figures = Json.read(Files.readAllBytes(out), JsonNode.class);
        assertThat(figures.path("networks").asText()).isEqualTo("avatar-128@3");
        assertThat(figures.at("/medianMilliseconds/step").asDouble()).isPositive();
        assertThat(printed.toString()).contains("stepsPerSecond");
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThat(bench("--steps", "0")).isEqualTo(USAGE);
        assertThat(bench("--select", "--multipliers")).isEqualTo(USAGE);
        assertThat(printed.toString()).contains("--steps must be at least 1", "not for --multipliers");
    }
}
