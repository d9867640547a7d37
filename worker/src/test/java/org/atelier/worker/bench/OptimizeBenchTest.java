package org.atelier.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OptimizeBenchTest {
    private static final int OK = 0;
    private static final int USAGE = 2;

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();

    private int bench(String... arguments) {
        return new CommandLine(new OptimizeBench()).setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed))
                .execute(arguments);
    }

    @Test
    void everyPartOfAStepIsTimed() throws IOException {
        var out = folder.resolve("bench.json");

        assertThat(bench("--bundle", "../models/avatar-128", "--steps", "3", "--warm-up", "1", "--out", out.toString()))
                .isEqualTo(OK);

        var figures = Json.read(Files.readAllBytes(out), JsonNode.class);
        assertThat(figures.path("networks").asText()).isEqualTo("avatar-128@3");
        assertThat(figures.path("steps").asInt()).isEqualTo(3);
        for (var part : List.of("generator", "clip", "identity", "backward", "optimiser", "step")) {
            assertThat(figures.path("medianMilliseconds").path(part).asDouble()).as(part).isPositive();
        }
        assertThat(figures.path("environment").path("device").asText()).isNotEmpty();
        assertThat(printed.toString()).contains("stepsPerSecond", "avatar-128@3");
    }

    @Test
    void noStepsAreNoBenchmark() {
        assertThat(bench("--steps", "0")).isEqualTo(USAGE);
        assertThat(printed.toString()).contains("--steps must be at least 1");
    }

    @Test
    void randomWeightsDrawFinitePictures() {
        var config = new StyleGan2Config(new MappingNetwork.Form(8, 0, 8, 2, 8, 0.01), 16, StyleGan2Config.channels(
                64, 8, 16), StyleGan2Config.RESAMPLE_FILTER, Double.POSITIVE_INFINITY);
        try (var generator = RandomWeights.build(true, weights -> StyleGan2Generator.load(config, weights, TestEngine
                .get())); var manager = TestEngine.get().newManager()) {
            var largest = Scope.call(() -> generator.render(generator.truncate(generator.map(manager.randomNormal(
                    new Shape(1, 8))), 1, 0), Noise.STORED).abs().max().getFloat());
            assertThat(largest).isPositive().isFinite();
        }
    }
}
