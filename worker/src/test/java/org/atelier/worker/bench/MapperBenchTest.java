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

class MapperBenchTest {
    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();

    private int bench(String... arguments) {
        return new CommandLine(new MapperBench()).setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed))
                .execute(arguments);
    }

    @Test
    void aStepIsTimed() throws IOException {
        var out = folder.resolve("bench.json");

        assertThat(bench("--bundle", "../models/avatar-128", "--steps", "2", "--warm-up", "1", "--batch", "1", "--out",
                out.toString())).isZero();

        var figures = Json.read(Files.readAllBytes(out), JsonNode.class);
        assertThat(figures.path("networks").asText()).isEqualTo("avatar-128@3");
        assertThat(figures.path("steps").asInt()).isEqualTo(2);
        assertThat(figures.at("/medianMilliseconds/step").asDouble()).isPositive();
        assertThat(figures.at("/medianMilliseconds/edit").asDouble()).isPositive();
        assertThat(printed.toString()).contains("facesPerSecond", "avatar-128@3");
    }

    @Test
    void noStepsAreNoBenchmark() {
        assertThat(bench("--steps", "0")).isEqualTo(2);
        assertThat(printed.toString()).contains("--steps must be at least 1");
    }
}
