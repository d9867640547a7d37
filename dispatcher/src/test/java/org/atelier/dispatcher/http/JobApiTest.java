package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.http.ApiFixture.problem;
import static org.atelier.dispatcher.support.Intakes.GENERATE;
import static org.atelier.dispatcher.support.Intakes.OPTIMIZE;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.progressed;
import static org.atelier.dispatcher.support.Samples.started;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;

import org.atelier.common.api.JobPage;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Intakes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobApiTest {
    private static final Digest DIGEST = new Digest("ab".repeat(32));

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void open() {
        api = new ApiFixture(folder);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private JobView view(String job) {
        var response = api.get("/v1/jobs/" + job);
        assertThat(response.statusCode()).isEqualTo(200);
        return Json.read(json(response), JobView.class);
    }

    private Manifest succeed(String job, int attempt) {
        var manifest = new Manifest(RunId.first(new JobId(job)), "default", JobType.GENERATE, "avatar-128@3",
                Outcome.SUCCEEDED, attempt, "token", Map.of(), List.of(new Artifact("after.png", DIGEST, 10,
                        Artifact.PNG)),
                Intakes.json("{\"clip\": 0.25}"), null, Map.of("optimise", 2.5), Map.of(), api.fleet.time.instant());
        api.fleet.ledger.commit(manifest);
        return manifest;
    }

    @Test
    void aNewJobIsAcceptedAndCanBeSeenAtOnce() {
        var response = api.post("/v1/jobs", OPTIMIZE);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        var created = Json.read(json(response), JobView.class);
        assertThat(response.headers().firstValue("Location")).contains("/v1/jobs/" + created.id());
        assertThat(created.state()).isEqualTo(JobState.QUEUED);
        assertThat(created.type()).isEqualTo(JobType.OPTIMIZE);
        assertThat(created.bundle()).isEqualTo("avatar-128@3");
        assertThat(created.priority()).isEqualTo(3);
        assertThat(created.labels()).containsEntry("order", "17");
        assertThat(created.request()).isInstanceOfSatisfying(OptimizeRequest.class, optimize -> assertThat(optimize
                .steps()).as("a default").isEqualTo(300));
        assertThat(view(created.id().value())).as("before the projection has heard of it").isEqualTo(created);

        api.loop.read();
        assertThat(view(created.id().value())).isEqualTo(created);
    }

    @Test
    void aJobCanBeNamedByItsCaller() {
        assertThat(api.put("/v1/jobs/my-job", GENERATE).statusCode()).isEqualTo(202);
        assertThat(api.put("/v1/jobs/my-job", GENERATE).statusCode()).isEqualTo(200);
        api.loop.read();
        assertThat(api.put("/v1/jobs/my-job", GENERATE).statusCode()).isEqualTo(200);

        var conflict = api.put("/v1/jobs/my-job", OPTIMIZE);
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(problem(conflict).type()).isEqualTo("urn:atelier:problem:id-taken");
    }

    @Test
    void aRepeatWithTheSameKeyIsTheSameJob() {
        var first = api.send(api.to("/v1/jobs").header("Content-Type", "application/json; charset=utf-8")
                .header("Idempotency-Key", "order-17")
                .POST(BodyPublishers.ofString(GENERATE)));
        var again = api.send(api.to("/v1/jobs").header("Content-Type", "application/json")
                .header("Idempotency-Key", "order-17")
                .POST(BodyPublishers.ofString(GENERATE)));

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(json(again).get("id")).isEqualTo(json(first).get("id"));
        assertThat(json(first).get("id").asText()).isEqualTo(JobId.ofKey("default", "order-17").value());
    }

    @Test
    void ofTwoEqualSubmitsAtOnceOneJobComes() throws Exception {
        var start = new CyclicBarrier(2);
        Callable<Integer> submit = () -> {
            start.await();
            return api.send(api.to("/v1/jobs").header("Content-Type", "application/json")
                    .header("Idempotency-Key", "order-18")
                    .POST(BodyPublishers.ofString(GENERATE))).statusCode();
        };
        try (var executor = Executors.newFixedThreadPool(2)) {
            var statuses = new ArrayList<Integer>();
            for (var done : executor.invokeAll(List.of(submit, submit))) {
                statuses.add(done.get());
            }
            assertThat(statuses).allMatch(status -> status == 202 || status == 200).contains(202);
        }
        api.loop.read();
        assertThat(json(api.get("/v1/jobs")).get("jobs")).hasSize(1);
    }

    @Test
    void aJobIsSeenOnItsWay() {
        api.put("/v1/jobs/my-job", GENERATE);
        api.loop.read();
        api.fleet.step();
        api.loop.read();
        assertThat(view("my-job").state()).isEqualTo(JobState.READY);
        assertThat(view("my-job").attempt()).isEqualTo(1);

        api.fleet.hear(started(attempt("my-job", 1)));
        api.fleet.hear(progressed(attempt("my-job", 1), 20));
        assertThat(view("my-job").state()).isEqualTo(JobState.RUNNING);
        assertThat(view("my-job").startedAt()).isEqualTo(api.fleet.time.instant());
        assertThat(view("my-job").progress().step()).isEqualTo(20);

        api.fleet.hear(failed(attempt("my-job", 1), ErrorCategory.INTERNAL));
        assertThat(view("my-job").state()).isEqualTo(JobState.RETRYING);
        assertThat(view("my-job").failure().category()).isEqualTo(ErrorCategory.INTERNAL);

        api.fleet.hear(started(attempt("my-job", 2)));
        api.fleet.hear(new Message.RunEnded(succeed("my-job", 2)));
        assertThat(view("my-job").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(view("my-job").failure()).isNull();
        assertThat(view("my-job").summary().get("clip").asDouble()).isEqualTo(0.25);
        assertThat(view("my-job").seconds()).containsEntry("optimise", 2.5);
        assertThat(view("my-job").artifacts()).singleElement().satisfies(download -> {
            assertThat(download.artifact().name()).isEqualTo("after.png");
            assertThat(download.url()).hasToString("memory://store/blobs/sha256/ab/" + DIGEST.hex());
        });
    }

    @Test
    void anArtifactIsFetchedFromTheStore() {
        api.put("/v1/jobs/my-job", GENERATE);
        succeed("my-job", 1);

        var response = api.get("/v1/jobs/my-job/artifacts/after.png");
        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.headers().firstValue("Location")).contains("memory://store/blobs/sha256/ab/" + DIGEST
                .hex());

        var missing = api.get("/v1/jobs/my-job/artifacts/before.png");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(problem(missing).type()).isEqualTo("urn:atelier:problem:unknown-artifact");
        assertThat(problem(missing).detail()).contains("after.png");
    }

    @Test
    void anEndIsKnownFromTheStoreWhereTheProjectionHasForgottenTheJob() {
        api.put("/v1/jobs/my-job", GENERATE);
        succeed("my-job", 1);

        assertThat(view("my-job").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(view("my-job").endedAt()).isEqualTo(api.fleet.time.instant());
    }

    @Test
    void jobsAreListedNewestFirstPageByPageAndByState() {
        for (int job = 0; job < 5; job++) {
            api.put("/v1/jobs/job-" + job, job == 3 ? OPTIMIZE : GENERATE);
            api.fleet.time.pass(Duration.ofSeconds(1));
        }
        api.loop.read();
        api.fleet.hear(started(attempt("job-2", 1)));

        var first = Json.read(json(api.get("/v1/jobs?limit=3")), JobPage.class);
        assertThat(first.jobs()).extracting(job -> job.id().value()).containsExactly("job-4", "job-3", "job-2");
        var second = Json.read(json(api.get("/v1/jobs?limit=3&cursor=" + first.nextCursor())), JobPage.class);
        assertThat(second.jobs()).extracting(job -> job.id().value()).containsExactly("job-1", "job-0");
        assertThat(second.nextCursor()).isNull();

        assertThat(json(api.get("/v1/jobs?state=running")).get("jobs")).singleElement()
                .satisfies(job -> assertThat(job.get("id").asText()).isEqualTo("job-2"));
        assertThat(json(api.get("/v1/jobs?type=optimize&state=queued")).get("jobs")).singleElement()
                .satisfies(job -> assertThat(job.get("id").asText()).isEqualTo("job-3"));
        assertThat(json(api.get("/v1/jobs?state=failed")).get("jobs")).isEmpty();
    }

    @Test
    void aJobIsCancelledOnce() {
        api.put("/v1/jobs/my-job", GENERATE);
        api.loop.read();

        var cancelled = api.post("/v1/jobs/my-job/cancel", "");
        assertThat(cancelled.statusCode()).isEqualTo(202);
        assertThat(json(cancelled).get("cancelling").asBoolean()).isTrue();
        assertThat(api.fleet.ledger.cancel(RunId.first(new JobId("my-job")))).isPresent();

        api.loop.read();
        api.fleet.step();
        assertThat(view("my-job").state()).isEqualTo(JobState.CANCELLED);
        assertThat(api.post("/v1/jobs/my-job/cancel", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aJobThatHasEndedCannotBeCancelled() {
        api.put("/v1/jobs/my-job", GENERATE);
        succeed("my-job", 1);

        var refused = api.post("/v1/jobs/my-job/cancel", "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(problem(refused).detail()).contains("already succeeded");
    }

    @Test
    void whatIsAwayIsSaidAndNothingIsLost() {
        api.fleet.store.setDown(true);
        var response = api.put("/v1/jobs/my-job", GENERATE);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
        assertThat(problem(response).detail()).contains("the object store does not answer");
        api.fleet.store.setDown(false);

        api.fleet.events.setDown(true);
        response = api.put("/v1/jobs/my-job", GENERATE);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(problem(response).detail()).contains("Kafka does not answer");
        api.fleet.events.setDown(false);

        assertThat(api.put("/v1/jobs/my-job", GENERATE).statusCode()).isEqualTo(200);
        api.loop.read();
        assertThat(view("my-job").state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void bundlesAreShown() {
        var all = json(api.get("/v1/bundles"));
        assertThat(all.get("bundles")).singleElement().satisfies(card -> assertThat(card.get("name").asText())
                .isEqualTo(
                        "avatar-128"));
        var one = api.get("/v1/bundles/avatar-128@3");
        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(json(one).get("presets")).isNotEmpty();
        assertThat(json(api.get("/v1/bundles/avatar-128"))).isEqualTo(json(one));

        var missing = api.get("/v1/bundles/nobody");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(problem(missing).type()).isEqualTo("urn:atelier:problem:unknown-bundle");
        assertThat(problem(missing).detail()).isEqualTo("There is no bundle nobody; there are: avatar-128@3.");
        var presets = json(api.get("/v1/bundles/avatar-128/presets"));
        assertThat(presets.get("bundle").asText()).isEqualTo("avatar-128@3");
        assertThat(presets.get("presets")).isEqualTo(json(one).get("presets"));
    }

    @Test
    void thoseWhoKeepItRunningAreAnswered() {
        assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(json(api.get("/readyz"))).isEqualTo(Intakes.json("{\"ok\": true, \"checks\": {\"store\": \"ok\"}}"));
        api.trouble = Optional.of("does not answer");
        var notReady = api.get("/readyz");
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(json(notReady).get("checks").get("store").asText()).isEqualTo("does not answer");
        assertThat(api.get("/metrics").body()).isEqualTo("atelier_jobs 1\n");
    }

    @Test
    void headTellsWhetherAJobIsThere() {
        api.put("/v1/jobs/my-job", GENERATE);
        assertThat(api.send(api.to("/v1/jobs/my-job").HEAD()).statusCode()).isEqualTo(200);
        assertThat(api.send(api.to("/v1/jobs/nobody").HEAD()).statusCode()).isEqualTo(404);
    }
}
