package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.cli.Shell.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobPage;
import org.atelier.common.api.JobState;
import org.atelier.common.client.FakeDispatcher;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Intakes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String JOBS = "POST /v1/jobs";
    private static final String EVENTS = "GET /v1/jobs/job-1/events";

    @RegisterExtension
    private final Shell shell = new Shell(SubmitCommand.class, WatchCommand.class, ListCommand.class,
            GetCommand.class, PresetsCommand.class, CancelCommand.class, ReplayCommand.class, RebuildCommand.class,
            EraseCommand.class, GcCommand.class);
    private void accepts() {
        shell.dispatcher().onJson(JOBS, 202, Samples.job(JobState.QUEUED, List.of()));
    }

    @Test
    void submitOptimizeSendsTheFlagsAsARequest() {
        accepts();

        int status = shell.run("submit", "optimize", "--bundle", "avatar-128", "--seed", "7", "--prompt", "a big smile",
                "--set", "steps=100", "--set", "truncation.psi=0.5", "--set", "schedule.kind=constant", "--label",
                "order=4711", "--priority", "3", "--key", "k-1");

        assertThat(status).isEqualTo(ExitCode.OK);
        assertThat(shell.firstBody()).isEqualTo(json("{'request':{'type':'optimize','bundle':'avatar-128','prompt':"
                + "'a big smile','source':{'seed':7},'steps':100,'truncation':{'psi':0.5},'schedule':{'kind':"
                + "'constant'}},'labels':{'order':'4711'},'priority':3}"));
        assertThat(shell.dispatcher().asked().getFirst().key()).isEqualTo("k-1");
        assertThat(shell.out()).as("data alone, for scripts").isEqualTo("job-1" + System.lineSeparator());
        assertThat(shell.err()).contains("optimize on avatar-128@2 is queued");
    }

    @Test
    void submitGenerateExpandsRangesOfSeeds() {
        accepts();

        assertThat(shell.run("submit", "generate", "--bundle", "avatar-128", "--seeds", "1-3,85", "--psi", "0.7",
                "--grid"))
                .isEqualTo(ExitCode.OK);

        assertThat(shell.firstBody()).isEqualTo(json("{'request':{'type':'generate','bundle':'avatar-128','sources':["
                + "{'seed':1},{'seed':2},{'seed':3},{'seed':85}],'truncation':{'psi':0.7},'grid':{}}}"));
        assertThat(shell.dispatcher().asked().getFirst().key()).isNull();
    }

    @Test
    void submitGridVariesTheRequestOfAFile(@TempDir Path files) throws Exception {
        accepts();
        var file = Files.writeString(files.resolve("edit.json"), "{\"request\": {\"type\": \"optimize\", \"bundle\":"
                + " \"avatar-128\", \"source\": {\"seed\": 7}}, \"priority\": 2}");

        assertThat(shell.run("submit", "grid", "--file", file.toString(), "--axis", "/steps=50,100", "--axis",
                "/prompt=[\"a smile\", \"glasses, round\"]", "--columns", "/steps")).isEqualTo(ExitCode.OK);

        assertThat(shell.firstBody()).isEqualTo(json(
                "{'request':{'type':'grid','bundle':'avatar-128','base':{'type':'optimize',"
                        + "'source':{'seed':7}},'axes':{'/steps':[50,100],'/prompt':['a smile','glasses, round']},'columns':"
                        + "'/steps'},'priority':2}"));
    }

    @Test
    void submitPromptSweepTakesWordingsAndSeeds() {
        accepts();

        assertThat(shell.run("submit", "prompt-sweep", "--bundle", "avatar-128", "--prompt", "bald", "--prompt",
                "hairless",
                "--seed", "7", "--lambda", "0.1", "--lambda", "0.5", "--threshold", "0.6", "--set", "base.steps=50"))
                .isEqualTo(ExitCode.OK);

        assertThat(shell.firstBody()).isEqualTo(json(
                "{'request':{'type':'prompt-sweep','bundle':'avatar-128','prompts':['bald',"
                        + "'hairless'],'sources':[{'seed':7}],'lambdas':[0.1,0.5],'threshold':0.6,'base':{'steps':50}}}"));
    }

    @Test
    void gridTakesColumns() {
        accepts();

        shell.run("submit", "generate", "--bundle", "b", "--latent", "sha256:00", "--grid", "4");

        assertThat(shell.firstBody().at("/request/grid")).isEqualTo(json("{'columns':4}"));
        assertThat(shell.firstBody().at("/request/sources")).isEqualTo(json("[{'latent':'sha256:00'}]"));
    }

    @Test
    void hugeRangeOfSeedsIsLeftToTheDispatcherToRefuse() {
        accepts();

        shell.run("submit", "generate", "--bundle", "b", "--seeds", "0-4294967295");

        assertThat(shell.firstBody().at("/request/sources")).hasSize(GenerateRequest.MAX_SOURCES + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"request\":{\"type\":\"optimize\",\"bundle\":\"b\"},\"priority\":2}",
            "{\"type\":\"optimize\",\"bundle\":\"b\"}"})
    void submitReadsASubmissionOrARequestAlone(String text, @TempDir Path folder) throws IOException {
        accepts();
        var file = Files.writeString(folder.resolve("job.json"), text);

        assertThat(shell.run("submit", "--file", file.toString(), "--set", "steps=5")).isEqualTo(ExitCode.OK);

        assertThat(shell.firstBody().at("/request")).isEqualTo(json("{'type':'optimize','bundle':'b','steps':5}"));
    }

    @Test
    void submitReadsStandardInput() {
        accepts();
        var before = System.in;
        System.setIn(new ByteArrayInputStream("{\"type\":\"generate\"}".getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(shell.run("submit", "-f", "-")).isEqualTo(ExitCode.OK);
        } finally {
            System.setIn(before);
        }
        assertThat(shell.firstBody().at("/request/type").asText()).isEqualTo("generate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"bundle\":\"b\"}", "{\"type\":1,\"type\":2}"})
    void submissionThatIsNoneIsExplained(String text, @TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("job.json"), text);

        assertThat(shell.run("submit", "--file", file.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(shell.err()).startsWith("the submission ").doesNotContain("\tat ");
        assertThat(shell.dispatcher().asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit", "submit generate --bundle b", "submit optimize --bundle b",
            "submit generate --bundle b --seeds one", "submit optimize --bundle b --prompt p --seed 1 --latent x",
            "get Not_An_Id", "watch", "fly"})
    void wrongCommandIsAUsageError(String line) {
        assertThat(shell.run(line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(shell.dispatcher().asked()).isEmpty();
    }

    @Test
    void problemIsPrintedFieldByField() {
        shell.dispatcher().onProblem(JOBS, 400,
                "{\"type\":\"urn:atelier:problem:invalid-request\",\"title\":\"Invalid request\","
                        + "\"status\":400,\"detail\":\"2 fields are wrong.\",\"violations\":[{\"field\":\"/request/steps\","
                        + "\"message\":\"is 0; it must be at least 1\"},{\"field\":\"\",\"message\":\"is odd\"}]}");

        assertThat(shell.run("submit", "optimize", "--bundle", "b", "--prompt", "p")).isEqualTo(ExitCode.REFUSED);

        assertThat(shell.err().lines()).containsExactly("Invalid request (400): 2 fields are wrong.",
                "  /request/steps is 0; it must be at least 1", "  the request is odd");
    }

    @Test
    void serverThatIsNoDispatcherIsNamed() {
        shell.dispatcher().on("GET /v1/jobs/job-1", 404, "text/html", "<h1>Not here</h1>".getBytes(
                StandardCharsets.UTF_8));

        assertThat(shell.run("get", "job-1")).isEqualTo(ExitCode.REFUSED);

        assertThat(shell.err()).contains("404", "Not here", shell.dispatcher().url().toString());
    }

    @Test
    void dispatcherThatIsNotThereIsExplained() {
        var nobody = shell.dispatcher().url().toString();
        shell.dispatcher().close();

        assertThat(shell.run("list")).isEqualTo(ExitCode.UNREACHABLE);

        assertThat(shell.err()).contains(nobody, "nothing listens there", "./atelier up", "ATELIER_URL");
    }

    @Test
    void listPrintsATable() {
        shell.dispatcher().onJson("GET /v1/jobs?state=running&type=optimize&limit=20", 200, new JobPage(List.of(Samples
                .job(
                        JobState.RUNNING, List.of())), "next-1"));

        assertThat(shell.run("list", "--state", "running", "--type", "optimize")).isEqualTo(ExitCode.OK);

        var lines = shell.out().lines().toList();
        assertThat(lines.get(0)).contains("JOB", "TYPE", "STATE", "PROGRESS", "ACCEPTED", "WHAT");
        assertThat(lines.get(1)).startsWith("job-1 ").contains("optimize", "running", "57/100",
                "2026-01-02T03:04:05Z", "a big smile");
        assertThat(shell.err()).contains("--cursor next-1");
    }

    @Test
    void failedJobsAreListedWithTheirReasons() {
        shell.dispatcher().onJson("GET /v1/jobs?state=failed&limit=20", 200, json(
                "{'jobs':[{'id':'job-9','type':'optimize','run':2,'attempt':3,'state':'failed','ended_at':"
                        + "'2026-01-02T03:04:05.678Z','failure':{'category':'DIVERGED','message':'a NaN at step 7'}}]}"));

        assertThat(shell.run("jobs", "--failed")).isEqualTo(ExitCode.OK);

        assertThat(shell.out().lines().toList().get(1)).contains("job-9", "optimize", "2.3", "2026-01-02T03:04:05Z",
                "DIVERGED: a NaN at step 7");
        assertThat(shell.run("list", "--failed", "--state", "running")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void getShowsEveryAttemptAndWhatItLeft() {
        shell.dispatcher().onJson("GET /v1/jobs/job-9", 200, json("{'id':'job-9','type':'optimize','state':'cancelled',"
                + "'freed_after_ms':420,'attempts':[{'run':1,'attempt':1,'worker':'w-1','host':'h-1','slot':'slot-0',"
                + "'queued_at':'2026-01-02T03:04:05Z','resumed_from':5,'step':40,'device_seconds':28.54,'failure':"
                + "{'category':'INTERNAL','message':'It broke.','retryable':true},'log':['WARN it broke'],"
                + "'evidence':['jobs/job-9/runs/1/attempts/1/log.txt']},{'run':1,'attempt':2,'resumed_from':0}]}"));

        assertThat(shell.run("get", "job-9")).isEqualTo(ExitCode.OK);

        assertThat(shell.out()).contains("freed      420 ms", "attempt    1.1 by w-1, slot-0, on h-1",
                "queued   2026-01-02T03:04:05Z", "steps    5 to 40", "device   28.5 s", "failure  INTERNAL: It broke.",
                "log      WARN it broke", "store    jobs/job-9/runs/1/attempts/1/log.txt",
                "attempt    1.2, not claimed");
    }

    @Test
    void listShowsJobsOfTypesThatThisClientDoesNotKnow() {
        shell.dispatcher().onJson("GET /v1/jobs?limit=20", 200, json("{'jobs':[{'id':'job-9','type':'teleport','state':"
                + "'beaming'}]}"));

        assertThat(shell.run("list")).isEqualTo(ExitCode.OK);

        assertThat(shell.out()).contains("job-9", "teleport", "beaming");
    }

    @Test
    void jsonIsTheDocumentAsItWasSent() {
        var page = json("{'jobs':[{'id':'job-9','new_field':1}],'next_cursor':'c'}");
        shell.dispatcher().onJson("GET /v1/jobs?limit=5&cursor=a%26b", 200, page);

        assertThat(shell.run("list", "--json", "--limit", "5", "--cursor", "a&b")).isEqualTo(ExitCode.OK);

        assertThat(json(shell.out())).isEqualTo(page);
    }

    @Test
    void getShowsAndDownloads(@TempDir Path folder) throws IOException {
        shell.dispatcher().onJson("GET /v1/jobs/job-1", 200, Samples.job(JobState.SUCCEEDED, List.of(Samples.download(
                shell.dispatcher()
                        .url().resolve("/store/after?signature=x")))))
                .on("GET /store/after?signature=x", 200, "image/png", Samples.PICTURE);

        Files.createDirectory(folder.resolve("new"));
        Files.writeString(folder.resolve("new/after.png"), "a longer file of an earlier job");

        assertThat(shell.run("get", "job-1", "--download", folder.resolve("new").toString())).isEqualTo(ExitCode.OK);

        assertThat(shell.out()).contains("job-1", "optimize on avatar-128@2", "succeeded", "\"prompt\" : "
                + "\"a big smile\"", "after.png, 6 B");
        assertThat(folder.resolve("new/after.png")).hasBinaryContent(Samples.PICTURE);
    }

    @Test
    void damagedDownloadIsAnError(@TempDir Path folder) {
        shell.dispatcher().onJson("GET /v1/jobs/job-1", 200, Samples.job(JobState.SUCCEEDED, List.of(Samples.download(
                shell.dispatcher()
                        .url().resolve("/store/after")))))
                .on("GET /store/after", 200, "image/png", "pixel".getBytes(StandardCharsets.UTF_8));

        assertThat(shell.run("get", "job-1", "--download", folder.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(shell.err()).contains("after.png arrived damaged");
    }

    @Test
    void cancelSaysWhereTheJobStands() {
        shell.dispatcher().onJson("POST /v1/jobs/job-1/cancel", 202, Samples.job(JobState.RUNNING, List.of()));

        assertThat(shell.run("cancel", "job-1")).isEqualTo(ExitCode.OK);

        assertThat(shell.out()).isEqualTo("job-1 is running" + System.lineSeparator());
    }

    @Test
    void replaySendsWhatItIsToldAndPrintsWhatWouldHappen() {
        shell.dispatcher().onJson("POST /v1/replays", 200, Map.of("jobs", 3, "estimated_device_seconds", 41.7,
                "differences",
                Map.of("steps", Map.of("to", 100, "from", Map.of("300", 2, "50", 1)))));

        assertThat(shell.run("replay", "--filter", "type=optimize", "--filter", "since=2026-01-02T03:04:05Z", "--set",
                "steps=100", "--set", "prompt=a smile", "--dry-run")).isEqualTo(ExitCode.OK);

        assertThat(Json.read(shell.dispatcher().asked().getFirst().body().getBytes(StandardCharsets.UTF_8),
                JsonNode.class))
                .isEqualTo(Json.tree(Map.of("dry_run", true, "filter", Map.of("type", "optimize", "since",
                        "2026-01-02T03:04:05Z"), "set", Map.of("steps", 100, "prompt", "a smile"))));
        assertThat(shell.out()).contains("3 would run again", "42 s, estimated", "300 (2), 50 (1) -> 100");
    }

    @Test
    void replayWantsJobsOrAFilter() {
        assertThat(shell.run("replay")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.run("replay", "job-1", "--filter", "type=optimize")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.run("replay", "--filter", "since=yesterday")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.dispatcher().asked()).isEmpty();
    }

    @Test
    void watchEndsWithTheOutcomeOfTheJob() {
        shell.dispatcher().onEvents(EVENTS, Samples.event(1, Samples.progressed(50)), Samples.event(2, Samples.ended(
                Outcome.SUCCEEDED)));

        assertThat(shell.run("watch", "job-1")).isEqualTo(ExitCode.OK);

        assertThat(shell.err()).contains("job-1 succeeded", "get job-1 --download");
    }

    @Test
    void watchOfAJobThatFailsSaysWhy() {
        shell.dispatcher().onEvents(EVENTS, Samples.event(1, Samples.ended(Outcome.FAILED)));

        assertThat(shell.run("watch", "job-1")).isEqualTo(ExitCode.JOB_NOT_SUCCEEDED);

        assertThat(shell.err()).contains("job-1 failed: DIVERGED, a NaN at step 3");
    }

    @Test
    void watchGoesOnWhereABrokenStreamEnded() {
        shell.dispatcher().onEvents(EVENTS, Samples.event(1, Samples.progressed(10)))
                .onEvents(EVENTS, Samples.event(2, Samples.progressed(20)))
                .onEvents(EVENTS)
                .onEvents(EVENTS, ": nothing new\n\n", Samples.event(3, Samples.ended(Outcome.SUCCEEDED)));

        assertThat(shell.run("watch", "job-1", "--json")).isEqualTo(ExitCode.OK);

        assertThat(shell.dispatcher().asked()).extracting(FakeDispatcher.Asked::lastEventId)
                .containsExactly(null, "1", "2", "2");
        assertThat(shell.out().lines().map(Shell::json).map(line -> line.path("event").asText()))
                .containsExactly("attempt.progressed", "attempt.progressed", "run.ended");
        assertThat(json(shell.out().lines().findFirst().orElseThrow()).at("/data/progress/step").asInt())
                .isEqualTo(10);
    }

    @Test
    void watchOfAnUnknownJobEndsAtOnce() {
        shell.dispatcher().onProblem(EVENTS, 404,
                "{\"type\":\"urn:atelier:problem:unknown-job\",\"title\":\"Unknown job\","
                        + "\"status\":404,\"detail\":\"There is no job job-1.\"}");

        assertThat(shell.run("watch", "job-1")).isEqualTo(ExitCode.REFUSED);

        assertThat(shell.dispatcher().asked()).hasSize(1);
        assertThat(shell.err()).contains("Unknown job (404): There is no job job-1.");
    }

    @Test
    void submitCanWatch() {
        accepts();
        shell.dispatcher().onEvents(EVENTS, Samples.event(1, Samples.ended(Outcome.CANCELLED)));

        assertThat(shell.run("submit", "optimize", "--bundle", "b", "--prompt", "p", "--watch")).isEqualTo(
                ExitCode.JOB_NOT_SUCCEEDED);

        assertThat(shell.err()).contains("job-1 cancelled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit", "submit optimize", "submit generate", "watch", "list", "get", "presets", "cancel",
            "replay"})
    void helpNamesTheExitCodes(String command) {
        assertThat(shell.runAsWritten((command + " --help").split(" "))).isEqualTo(ExitCode.OK);

        assertThat(shell.out()).contains("Exit codes:", "The dispatcher could not be reached.", "--url");
    }

    @Test
    void rebuildAsksAndSaysTheEnd() {
        var done = "{\"build\":3,\"state\":\"%s\",\"jobs\":12,\"looked_at\":10,\"restored\":4}";
        shell.dispatcher().onJson("POST /v1/rebuild", 202, Intakes.json(done.formatted("waiting")));
        shell.dispatcher().onJson("GET /v1/rebuild", 200, Intakes.json(done.formatted("done")));

        assertThat(shell.run("rebuild")).isZero();

        assertThat(shell.out()).contains("build 3: done; 12 jobs").contains("4 of which");
        assertThat(shell.dispatcher().asked()).extracting(FakeDispatcher.Asked::line).containsExactly(
                "POST /v1/rebuild",
                "GET /v1/rebuild");
    }

    @Test
    void theStatusOfARebuildStartsNone() {
        shell.dispatcher().onJson("GET /v1/rebuild", 200, Intakes.json(
                "{\"build\":3,\"state\":\"reading_topics\",\"jobs\":7}"));

        assertThat(shell.run("rebuild", "--status")).isZero();

        assertThat(shell.out()).contains("reads the topics; 7 jobs so far");
        assertThat(shell.dispatcher().asked()).extracting(FakeDispatcher.Asked::line).containsExactly(
                "GET /v1/rebuild");
    }
}
