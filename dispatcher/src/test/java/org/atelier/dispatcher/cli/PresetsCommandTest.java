package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.cli.Shell.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.atelier.common.api.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code presets}, and {@code submit --preset}. */
class PresetsCommandTest {
    private static final String JOBS = "POST /v1/jobs";
    private static final String PRESETS = "{'optimize':{'defaults':{'space':'w+','steps':100,'schedule':{'kind':'step',"
            + "'every':50}},'note':'measured once','prompts':['a big smile','afro hair']},'prompt-sweep':{'threshold':0.65}}";

    @RegisterExtension
    private final Shell shell = new Shell(PresetsCommand.class, SubmitCommand.class);
    private void hasPresets() {
        shell.dispatcher().onJson("GET /v1/bundles/avatar-128/presets", 200, json("{'bundle':'avatar-128@2','presets':"
                + PRESETS
                + "}"));
    }

    @Test
    void presetsAreListedByJobType() {
        hasPresets();

        assertThat(shell.run("presets", "avatar-128")).isEqualTo(ExitCode.OK);

        assertThat(shell.out().lines()).containsExactly("optimize on avatar-128@2", "  defaults  space=w+",
                "            steps=100", "            schedule.kind=step", "            schedule.every=50",
                "  note      measured once", "  prompts   a big smile", "            afro hair",
                "prompt-sweep on avatar-128@2", "  threshold 0.65");
    }

    @Test
    void presetsOfOneTypeOfAllBundlesAreListed() {
        shell.dispatcher().onJson("GET /v1/bundles", 200, json(
                "{'bundles':[{'name':'avatar-128','version':'2','presets':"
                        + PRESETS
                        + "},{'name':'bare','version':'1'}]}"));

        assertThat(shell.run("presets", "--type", "prompt-sweep")).isEqualTo(ExitCode.OK);

        assertThat(shell.out().lines()).containsExactly("prompt-sweep on avatar-128@2", "  threshold 0.65");
    }

    @Test
    void bundleWithoutPresetsIsListedAsSuch() {
        shell.dispatcher().onJson("GET /v1/bundles", 200, json(
                "{'bundles':[{'name':'bare','version':'1','presets':{}}]}"));

        assertThat(shell.run("presets")).isEqualTo(ExitCode.OK);

        assertThat(shell.out().lines()).containsExactly("bare@1 has no presets");
    }

    @Test
    void presetsAsJsonAreThoseOfTheTypeThatWasAskedFor() {
        hasPresets();

        assertThat(shell.run("presets", "avatar-128", "--type", "prompt-sweep", "--json")).isEqualTo(ExitCode.OK);

        assertThat(json(shell.out())).isEqualTo(json("{'bundle':'avatar-128@2','presets':{'prompt-sweep':"
                + "{'threshold':0.65}}}"));
    }

    @Test
    void typeWithoutPresetsIsAnErrorThatSaysWhichHaveSome() {
        hasPresets();

        assertThat(shell.run("presets", "avatar-128", "--type", "fly")).isEqualTo(ExitCode.USAGE);

        assertThat(shell.err()).startsWith("avatar-128@2 has no presets for fly; it has some for optimize,"
                + " prompt-sweep");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void presetsOfAnUnknownBundleAreRefusedByTheDispatcher() {
        shell.dispatcher().onProblem("GET /v1/bundles/nobody%401/presets", 404,
                "{\"type\":\"urn:atelier:problem:unknown-bundle\","
                        + "\"title\":\"Unknown bundle\",\"status\":404,\"detail\":\"There is no bundle nobody@1; there are:"
                        + " avatar-128@2.\"}");

        assertThat(shell.run("presets", "nobody@1")).isEqualTo(ExitCode.REFUSED);

        assertThat(shell.err()).contains("there are: avatar-128@2");
    }

    @Test
    void presetFillsWhatIsNotSaid() {
        shell.dispatcher().onJson(JOBS, 202, Samples.job(JobState.QUEUED, List.of()));
        hasPresets();

        assertThat(shell.run("submit", "optimize", "--bundle", "avatar-128", "--seed", "7", "--prompt", "a big smile",
                "--preset",
                "--set", "steps=5", "--set", "schedule.kind=constant", "--set", "space=null")).isEqualTo(ExitCode.OK);

        assertThat(shell.lastBody()).isEqualTo(json("{'request':{'type':'optimize','bundle':'avatar-128','prompt':"
                + "'a big smile','source':{'seed':7},'steps':5,'schedule':{'kind':'constant'},'space':null}}"));
    }

    @Test
    void presetFillsARequestFromAFile(@TempDir Path folder) throws IOException {
        shell.dispatcher().onJson(JOBS, 202, Samples.job(JobState.QUEUED, List.of()));
        hasPresets();
        var file = Files.writeString(folder.resolve("job.json"), "{\"type\":\"optimize\",\"bundle\":\"avatar-128\"}");

        assertThat(shell.run("submit", "--file", file.toString(), "--preset")).isEqualTo(ExitCode.OK);

        assertThat(shell.lastBody().at("/request")).isEqualTo(json(
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

        assertThat(shell.run("submit", "--file", file.toString(), "--preset")).isEqualTo(ExitCode.USAGE);

        assertThat(shell.err()).contains(message);
        assertThat(shell.dispatcher().asked()).noneMatch(asked -> asked.line().equals(JOBS));
    }
}
