package org.atelier.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmarks of methods with several phases: each phase has a figure, and what cannot be measured is refused. */
class MethodBenchesTest {
    private static final int OK = 0;
    private static final int USAGE = 2;

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();

    private int bench(StepBench bench, List<String> arguments) {
        return new CommandLine(bench).setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed))
                .execute(Stream.concat(Stream.of("--bundle", "../models/avatar-128"), arguments.stream())
                        .toArray(String[]::new));
    }

    private JsonNode figures(StepBench bench, String... arguments) throws IOException {
        var out = folder.resolve("bench.json");
        assertThat(bench(bench, Stream.concat(Stream.of("--out", out.toString()), Stream.of(arguments)).toList())).as(
                printed.toString()).isEqualTo(OK);
        var figures = Json.read(Files.readAllBytes(out), JsonNode.class);
        assertThat(figures.path("networks").asText()).isEqualTo("avatar-128@3");
        assertThat(figures.at("/environment/device").asText()).isNotEmpty();
        return figures;
    }

    private static void hasMedians(JsonNode figures, String... names) {
        assertThat(figures.path("medianMilliseconds").fieldNames()).toIterable().containsExactlyInAnyOrder(names);
        figures.path("medianMilliseconds").forEach(median -> assertThat(median.asDouble()).isPositive());
    }

    @Test
    void directionsAreMeasuredLatentByLatentAndChannelByChannel() throws IOException {
        var figures = figures(new DirectionsBench(), "--steps", "1", "--warm-up", "0", "--images", "2");

        hasMedians(figures, "latent", "channel", "edit");
        assertThat(figures.path("channels").asInt()).isEqualTo(1_184);
        assertThat(figures.path("wholeTableSeconds").asDouble()).isPositive();
    }

    @Test
    void boundariesAreScoredSeparatedAndWalkedAlong() throws IOException {
        var figures = figures(new BoundariesBench(), "--steps", "1", "--warm-up", "0");

        hasMedians(figures, "latent", "picture");
        assertThat(figures.path("samples").asInt()).isEqualTo(128);
        assertThat(figures.path("supportVectorMachineMilliseconds").asDouble()).isPositive();
    }

    @Test
    void everyMethodOfInversionHasAStartAndSteps() throws IOException {
        var figures = figures(new InvertBench(), "--steps", "1", "--warm-up", "0");

        hasMedians(figures, "projector", "encoder", "pti");
        assertThat(figures.path("startMilliseconds").fieldNames()).toIterable().containsExactlyInAnyOrder("projector",
                "encoder", "pti");
    }

    @Test
    void picturesOfSeedsAreTimed() throws IOException {
        var figures = figures(new GenerateBench(), "--steps", "2", "--warm-up", "1");

        hasMedians(figures, "picture");
        assertThat(figures.path("picturesPerSecond").asDouble()).isPositive();
    }

    @Test
    void aDeltaMapperIsTrainedAndUsed() throws IOException {
        hasMedians(figures(new DeltaBench(), "--steps", "1", "--warm-up", "1"), "picture", "step", "edit", "adaptive");
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThat(bench(new DirectionsBench(), List.of("--steps", "2000"))).isEqualTo(USAGE);
        assertThat(bench(new DirectionsBench(), List.of("--images", "0"))).isEqualTo(USAGE);
        assertThat(bench(new BoundariesBench(), List.of("--steps", "100000"))).isEqualTo(USAGE);
        assertThat(bench(new InvertBench(), List.of("--steps", "0"))).isEqualTo(USAGE);
        assertThat(bench(new DeltaBench(), List.of("--steps", "1", "--warm-up", "0"))).isEqualTo(USAGE);
        assertThat(printed.toString()).contains("are more than the 1184 channels", "--images must be at least 1",
                "at most 100000 can be scored", "--steps must be at least 1",
                "--steps and --warm-up must be at least 2 together");
    }
}
