package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fleet at a glance, and what surrounds a job. */
class FleetApiTest {
    private static final Digest PREVIEW = Digest.of(new byte[]{1});

    @TempDir
    private Path folder;
    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void submit(String job, String source) {
        assertThat(api.put("/v1/jobs/" + job,
                "{\"request\":{\"type\":\"optimize\",\"bundle\":\"avatar-128\",\"source\":"
                        + source + ",\"prompt\":\"a smile\"}}").statusCode()).isEqualTo(202);
        api.loop.read();
    }

    private void tell(Message message) {
        api.fleet.events.publishAndWait(Topics.EVENTS, message);
        api.loop.read();
    }

    private void end(String job, Outcome outcome) {
        var manifest = new Manifest(RunId.first(new JobId(job)), "default", JobType.OPTIMIZE, "avatar-128@3", outcome,
                1,
                "token", Map.of(), List.of(), null, null, Map.of(), Map.of(), api.fleet.time.instant());
        api.fleet.ledger.commit(manifest);
        tell(new Message.RunEnded(manifest));
    }

    private static AttemptId attempt(String job) {
        return new AttemptId(RunId.first(new JobId(job)), 1);
    }

    @Test
    void anEmptyFleetIsIdle() {
        var overview = json(api.get("/v1/overview"));

        assertThat(overview.path("jobs")).isEmpty();
        assertThat(overview.path("waiting").asInt()).isZero();
        assertThat(overview.has("eta_seconds")).isFalse();
        assertThat(overview.has("oldest_waiting_seconds")).isFalse();
        assertThat(json(api.get("/v1/workers")).path("workers")).isEmpty();
    }

    @Test
    void theOverviewCountsByTypeAndStateAndSaysHowLongItWillTake() {
        List.of("job-a", "job-b", "job-c", "job-d").forEach(job -> submit(job, "{\"seed\":1}"));
        tell(new Message.AttemptStarted(attempt("job-a"), "w-1", "host", 0));
        tell(new Message.AttemptStarted(attempt("job-b"), "w-1", "host", 0));
        api.fleet.time.pass(Duration.ofSeconds(30));
        end("job-b", Outcome.SUCCEEDED);
        end("job-c", Outcome.FAILED);
        api.fleet.time.pass(Duration.ofSeconds(570));
        assertThat(json(api.get("/v1/overview")).has("eta_seconds")).as("nobody works").isFalse();
        api.fleet.workers.alive(new Message.WorkerAlive("w-1", "host", "edit", 1, Set.of(JobType.OPTIMIZE), List.of()));

        var overview = json(api.get("/v1/overview"));

        assertThat(overview.path("jobs").valueStream().map(each -> each.path("type").asText() + " " + each.path("state")
                .asText() + " " + each.path("jobs").asText())).containsExactlyInAnyOrder("optimize running 1",
                        "optimize succeeded 1", "optimize failed 1", "optimize queued 1");
        assertThat(overview.path("tenants").valueStream().map(each -> each.path("tenant").asText() + " " + each.path(
                "state").asText())).as("no token is configured: everybody is an admin").containsExactlyInAnyOrder(
                        "default running", "default succeeded", "default failed", "default queued");
        assertThat(overview.path("waiting").asInt()).isEqualTo(1);
        assertThat(overview.path("running").asInt()).isEqualTo(1);
        assertThat(overview.path("oldest_waiting_seconds").asInt()).isEqualTo(600);
        assertThat(overview.path("ended_last_hour").path("succeeded").asInt()).isEqualTo(1);
        assertThat(overview.path("eta_seconds").asInt()).as("two jobs to go, 30 s each").isEqualTo(60);
    }

    @Test
    void whatJobsTookIsToldByTenantAndType() {
        submit("job-a", "{\"seed\":1}");
        tell(new Message.AttemptStarted(attempt("job-a"), "w-1", "host", 0));
        api.fleet.time.pass(Duration.ofSeconds(30));
        end("job-a", Outcome.FAILED);

        var report = json(api.get("/v1/usage"));

        assertThat(report.path("usage").valueStream().map(row -> row.path("tenant").asText() + " " + row.path("type")
                .asText() + " " + row.path("runs").asText() + " " + row.path("attempts").asText())).containsExactly(
                        "default optimize 1 1");
        assertThat(Duration.between(Instant.parse(report.path("since").asText()), Instant.parse(report.path("until")
                .asText()))).isEqualTo(Duration.ofDays(1));
        assertThat(json(api.get("/v1/usage?until=2020-01-01T00:00:00Z")).path("usage")).isEmpty();
        assertThat(api.get("/v1/usage?since=yesterday").statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/usage?since=2019-01-01T00:00:00Z&until=2020-02-01T00:00:00Z").body()).contains(
                "more than 366 days");
        assertThat(api.get("/v1/usage?since=2021-01-01T00:00:00Z&until=2020-01-01T00:00:00Z").statusCode()).isEqualTo(
                400);
    }

    @Test
    void aWorkerNamesOnlyTheCallersOwnJobs() {
        submit("mine", "{\"seed\":1}");
        api.fleet.workers.alive(new Message.WorkerAlive("w-1", "host", "edit", 2, Set.of(JobType.OPTIMIZE), List.of(
                attempt("mine"), attempt("of-another"))));

        var worker = json(api.get("/v1/workers")).path("workers").get(0);

        assertThat(worker.path("busy").asInt()).isEqualTo(2);
        assertThat(worker.path("running")).extracting(each -> each.asText()).containsExactly("mine/1/1");
    }

    @Test
    void lineageTellsWhatAJobNeedsAndWhatNeedsIt() {
        submit("first", "{\"seed\":1}");
        submit("second", "{\"job\":\"first\"}");
        submit("third", "{\"job\":\"second\"}");

        var lineage = json(api.get("/v1/jobs/second/lineage"));

        assertThat(lineage.path("parents").valueStream().map(each -> each.path("job").asText())).containsExactly(
                "first");
        assertThat(lineage.path("children").valueStream().map(each -> each.path("job").asText())).containsExactly(
                "third");
        assertThat(lineage.has("replay_of")).isFalse();
    }

    @Test
    void aPreviewHasAnAddressIfAnEventOfTheJobNamesIt() {
        submit("job-a", "{\"seed\":1}");
        submit("job-b", "{\"seed\":2}");
        tell(new Message.AttemptProgressed(attempt("job-a"), 1, new Message.Progress(1, 10, Map.of(), null, List.of(
                new Artifact("preview-1.png", PREVIEW, 1, Artifact.PNG)))));

        assertThat(json(api.get("/v1/jobs/job-a/previews/" + PREVIEW)).path("url").asText()).contains(PREVIEW.hex());
        assertThat(api.get("/v1/jobs/job-b/previews/" + PREVIEW).statusCode()).isEqualTo(404);
        assertThat(api.get("/v1/jobs/job-a/previews/sha256:%25").statusCode()).isEqualTo(404);
    }

    @Test
    void theConsoleIsServedWithAPolicyThatLetsNoOtherScriptIn() {
        var page = api.raw("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Atelier</title>").doesNotContainPattern("<script>|style=|onclick");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow()).contains("script-src 'self'",
                "default-src 'none'").doesNotContain("unsafe");
        assertThat(api.raw("/main.js").headers().firstValue("Content-Type").orElseThrow()).contains("javascript");
        assertThat(api.raw("/../openapi.json").statusCode()).isIn(400, 404);
    }
}
