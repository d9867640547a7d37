package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Intakes.GENERATE;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.event.Message;
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

class ConditionalGetTest {
    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture(folder);
        api.put("/v1/jobs/job-1", GENERATE);
        api.loop.read();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    private HttpResponse<String> again(String path, String tags) {
        return api.send(api.to(path).header("If-None-Match", tags));
    }

    private void end() {
        var manifest = new Manifest(RunId.first(new JobId("job-1")), "default", JobType.GENERATE, "avatar-128@3",
                Outcome.SUCCEEDED, 1, "token", Map.of(), List.of(new Artifact("after.png", new Digest("ab".repeat(32)),
                        10, Artifact.PNG)), null, null, Map.of(), Map.of(), api.fleet.time.instant());
        api.fleet.events.publishAndWait(Topics.EVENTS, new Message.RunEnded(manifest));
        api.loop.read();
    }

    @Test
    void aJobThatHasNotMovedIsNotSentAgain() {
        var first = api.get("/v1/jobs/job-1");
        assertThat(first.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        var same = again("/v1/jobs/job-1", tag(first));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(tag(same)).isEqualTo(tag(first));
        assertThat(again("/v1/jobs/job-1", "\"other\", " + tag(first)).statusCode()).isEqualTo(304);
        assertThat(again("/v1/jobs/job-1", "*").statusCode()).isEqualTo(304);
        assertThat(again("/v1/jobs/job-1", "\"other\"").statusCode()).isEqualTo(200);

        end();
        var ended = again("/v1/jobs/job-1", tag(first));
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(tag(ended)).isNotEqualTo(tag(first));
    }

    /** Addresses of artifacts are good for an hour: whoever keeps an answer must get new ones in time. */
    @Test
    void anAnswerIsGoodNoLongerThanTheAddressesInIt() {
        end();
        var first = api.get("/v1/jobs/job-1");
        assertThat(again("/v1/jobs/job-1", tag(first)).statusCode()).isEqualTo(304);
        api.fleet.time.pass(Duration.ofMinutes(31));
        assertThat(again("/v1/jobs/job-1", tag(first)).statusCode()).isEqualTo(200);
    }

    @Test
    void bundlesAndPresetsAreNotSentAgain() {
        for (var path : List.of("/v1/bundles", "/v1/bundles/avatar-128", "/v1/bundles/avatar-128/presets")) {
            var first = api.get(path);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(again(path, tag(first)).statusCode()).as(path).isEqualTo(304);
            assertThat(again(path, "W/" + tag(first)).statusCode()).as(path).isEqualTo(304);
        }
    }

    @Test
    void headAsksWithoutTheBody() {
        for (var path : List.of("/v1/jobs/job-1", "/v1/bundles/avatar-128", "/v1/bundles/avatar-128/presets")) {
            var head = api.send(api.to(path).method("HEAD", BodyPublishers.noBody()));
            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(tag(head)).isEqualTo(tag(api.get(path)));
            assertThat(api.send(api.to(path.replace("job-1", "none").replace("avatar-128", "none")).method("HEAD",
                    BodyPublishers.noBody())).statusCode()).isEqualTo(404);
        }
    }
}
