package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobState;
import org.atelier.common.client.FakeDispatcher;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code presets}, and {@code submit --preset}. */
class PresetsCommandTest {
    private static final String JOBS = "POST /v1/jobs";
    private static final String PRESETS = "{'optimize':{'defaults':{'space':'w+','steps':100,'schedule':{'kind':'step',"
            + "'every':50}},'note':'measured once','prompts':['a big smile','afro hair']},'prompt-sweep':{'threshold':0.65}}";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeDispatcher dispatcher;

    @Command(name = "atelier", subcommands = {PresetsCommand.class, SubmitCommand.class})
    static final class Root {}

    @BeforeEach
    void start() throws IOException {
        dispatcher = new FakeDispatcher();
    }

    @AfterEach
    void stop() {
        dispatcher.close();
    }

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", dispatcher.url().toString()));
        return new CommandLine(new Root()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(new ErrorHandler(List.of())).execute(all.toArray(String[]::new));
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private JsonNode submitted() {
        return Json.read(dispatcher.asked().getLast().body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private void hasPresets() {
        dispatcher.onJson("GET /v1/bundles/avatar-128/presets", 200, json("{'bundle':'avatar-128@2','presets':"
                + PRESETS
                + "}"));
    }

    @Test
    void presetsAreListedByJobType() {
        hasPresets();

        assertThat(run("presets", "avatar-128")).isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines()).containsExactly("optimize on avatar-128@2", "  defaults  space=w+",
                "            steps=100", "            schedule.kind=step", "            schedule.every=50",
                "  note      measured once", "  prompts   a big smile", "            afro hair",
                "prompt-sweep on avatar-128@2", "  threshold 0.65");
    }

    @Test
    void presetsOfOneTypeOfAllBundlesAreListed() {
        dispatcher.onJson("GET /v1/bundles", 200, json("{'bundles':[{'name':'avatar-128','version':'2','presets':"
                + PRESETS
                + "},{'name':'bare','version':'1'}]}"));

        assertThat(run("presets", "--type", "prompt-sweep")).isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines()).containsExactly("prompt-sweep on avatar-128@2", "  threshold 0.65");
    }

    @Test
    void bundleWithoutPresetsIsListedAsSuch() {
        dispatcher.onJson("GET /v1/bundles", 200, json("{'bundles':[{'name':'bare','version':'1','presets':{}}]}"));

        assertThat(run("presets")).isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines()).containsExactly("bare@1 has no presets");
    }

    @Test
    void presetsAsJsonAreThoseOfTheTypeThatWasAskedFor() {
        hasPresets();

        assertThat(run("presets", "avatar-128", "--type", "prompt-sweep", "--json")).isEqualTo(ExitCode.OK);

        assertThat(json(out.toString())).isEqualTo(json("{'bundle':'avatar-128@2','presets':{'prompt-sweep':"
                + "{'threshold':0.65}}}"));
    }

    @Test
    void typeWithoutPresetsIsAnErrorThatSaysWhichHaveSome() {
        hasPresets();

        assertThat(run("presets", "avatar-128", "--type", "fly")).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).startsWith("avatar-128@2 has no presets for fly; it has some for optimize,"
                + " prompt-sweep");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void presetsOfAnUnknownBundleAreRefusedByTheDispatcher() {
        dispatcher.onProblem("GET /v1/bundles/nobody%401/presets", 404,
                "{\"type\":\"urn:atelier:problem:unknown-bundle\","
                        + "\"title\":\"Unknown bundle\",\"status\":404,\"detail\":\"There is no bundle nobody@1; there are:"
                        + " avatar-128@2.\"}");

        assertThat(run("presets", "nobody@1")).isEqualTo(ExitCode.REFUSED);

        assertThat(err.toString()).contains("there are: avatar-128@2");
    }

    @Test
    void presetFillsWhatIsNotSaid() {
        dispatcher.onJson(JOBS, 202, Samples.job(JobState.QUEUED, List.of()));
        hasPresets();

        assertThat(run("submit", "optimize", "--bundle", "avatar-128", "--seed", "7", "--prompt", "a big smile",
                "--preset",
                "--set", "steps=5", "--set", "schedule.kind=constant", "--set", "space=null")).isEqualTo(ExitCode.OK);

        assertThat(submitted()).isEqualTo(json("{'request':{'type':'optimize','bundle':'avatar-128','prompt':"
                + "'a big smile','source':{'seed':7},'steps':5,'schedule':{'kind':'constant'},'space':null}}"));
    }

    @Test
    void presetFillsARequestFromAFile(@TempDir Path folder) throws IOException {
        dispatcher.onJson(JOBS, 202, Samples.job(JobState.QUEUED, List.of()));
        hasPresets();
        var file = Files.writeString(folder.resolve("job.json"), "{\"type\":\"optimize\",\"bundle\":\"avatar-128\"}");

        assertThat(run("submit", "--file", file.toString(), "--preset")).isEqualTo(ExitCode.OK);

        assertThat(submitted().at("/request")).isEqualTo(json(
                "{'type':'optimize','bundle':'avatar-128','space':'w+',"
                        + "'steps':100,'schedule':{'kind':'step','every':50}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"fly","bundle":"avatar-128"}          | has no presets for fly; it has some for optimize, prompt-sweep
            {"type":"prompt-sweep","bundle":"avatar-128"} | has presets for prompt-sweep, but no defaults among them
            {"type":"optimize"}                           | the request names none
            """)
    void presetThatIsNotThereIsExplained(String request, String message, @TempDir Path folder) throws IOException {
        hasPresets();
        var file = Files.writeString(folder.resolve("job.json"), request);

        assertThat(run("submit", "--file", file.toString(), "--preset")).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).contains(message);
        assertThat(dispatcher.asked()).noneMatch(asked -> asked.line().equals(JOBS));
    }
}
