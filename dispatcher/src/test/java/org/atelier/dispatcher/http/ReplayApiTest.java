package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;

import java.nio.file.Path;
import java.time.Duration;

import org.atelier.common.event.Message;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.request.Violation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayApiTest {
    private static final String REPLAYS = "/v1/replays";

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void open() {
        api = new ApiFixture(folder);
        api.fleet.accept("job-1");
        var manifest = manifest(attempt("job-1", 1), Outcome.FAILED);
        api.fleet.ledger.commit(manifest);
        api.fleet.hear(new Message.RunEnded(manifest));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aReplayIsTakenAndTellsHowFarItIs() {
        var body = "{\"id\": \"again-1\", \"filter\": {\"type\": \"generate\", \"error\": \"DIVERGED\"}}";
        var response = api.post(REPLAYS, body);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(ApiFixture.json(response).path("jobs").asInt()).isEqualTo(1);

        api.fleet.pass(Duration.ofSeconds(3));

        var view = ApiFixture.json(api.get(REPLAYS + "/again-1"));
        assertThat(view.path("done").asBoolean()).isTrue();
        assertThat(view.path("replayed").asInt()).isEqualTo(1);
        assertThat(ApiFixture.json(api.get("/v1/jobs/job-1")).path("run").asInt()).isEqualTo(2);
        assertThat(api.post(REPLAYS, body).statusCode()).as("a repeat").isEqualTo(202);
        assertThat(api.post(REPLAYS, "{\"id\": \"again-1\", \"jobs\": [\"job-1\"]}").statusCode()).isIn(409, 422);
    }

    @Test
    void aDryRunChangesNothing() {
        var response = api.post(REPLAYS, "{\"jobs\": [\"job-1\"], \"set\": {\"priority\": 2}, \"dry_run\": true}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ApiFixture.json(response).at("/differences/priority/from/0").asInt()).isEqualTo(1);
        api.fleet.pass(Duration.ofSeconds(3));
        assertThat(ApiFixture.json(api.get("/v1/jobs/job-1")).path("state").asText()).isEqualTo("failed");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(ApiFixture.problem(api.post(REPLAYS, "{\"set\": {\"bundle\": \"x\"}}")).violations()).extracting(
                Violation::field).containsExactly("/jobs", "/set/bundle");
        assertThat(api.post(REPLAYS, "{\"job\": [\"job-1\"]}").statusCode()).isEqualTo(422);
        assertThat(api.post(REPLAYS, "{\"filter\": {\"error\": \"OOM\"}}").statusCode()).isEqualTo(422);
        assertThat(ApiFixture.problem(api.get(REPLAYS + "/nobody")).type()).isEqualTo(
                "urn:atelier:problem:unknown-replay");
    }
}
