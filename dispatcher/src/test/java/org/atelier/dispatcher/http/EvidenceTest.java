package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.support.Intakes.GENERATE;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.progressed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.atelier.common.api.JobPage;
import org.atelier.common.api.JobView;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobType;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's view tells of the attempts at it. */
class EvidenceTest {
    private static final AttemptId FIRST = attempt("my-job", 1);
    private static final AttemptId SECOND = attempt("my-job", 2);

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void aJobIsFed() {
        api = new ApiFixture(folder);
        api.put("/v1/jobs/my-job", GENERATE);
        api.loop.read();
        api.fleet.step();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private JobView view() {
        return Json.read(json(api.get("/v1/jobs/my-job")), JobView.class);
    }

    /** A worker claims the first attempt, logs, and gives it up 30 s later. */
    private void fail() {
        api.fleet.ledger.claim(new Claim(FIRST, "token", "worker-1", "host-1", api.fleet.time.instant(), "slot-0"));
        api.fleet.time.pass(Duration.ofSeconds(2));
        api.fleet.hear(new Message.AttemptStarted(FIRST, "worker-1", "host-1", 5, "slot-0"));
        api.fleet.hear(progressed(FIRST, 40));
        api.fleet.ledger.keepLog(FIRST, "INFO starts at step 5\nWARN stopped by an exception\n");
        api.fleet.time.pass(Duration.ofSeconds(30));
        api.fleet.hear(new Message.AttemptFailed(FIRST, "worker-1", new JobFailure(ErrorCategory.OUT_OF_MEMORY, true,
                "The device ran out of memory.", null), Map.of("run", 28.5, "load", 1.0)));
    }

    @Test
    void anAttemptThatWaitsIsNobodysYet() {
        assertThat(view().attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.run()).isEqualTo(1);
            assertThat(attempt.attempt()).isEqualTo(1);
            assertThat(attempt.worker()).isNull();
            assertThat(attempt.queuedAt()).isEqualTo(api.fleet.time.instant());
            assertThat(attempt.startedAt()).isNull();
            assertThat(attempt.evidence()).isEmpty();
        });
    }

    @Test
    void aFailedAttemptTellsWhoWhenWhyAndWhereTheRestIs() {
        var fed = api.fleet.time.instant();
        fail();

        assertThat(view().attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.worker()).isEqualTo("worker-1");
            assertThat(attempt.host()).isEqualTo("host-1");
            assertThat(attempt.slot()).isEqualTo("slot-0");
            assertThat(attempt.queuedAt()).isEqualTo(fed);
            assertThat(attempt.startedAt()).isEqualTo(fed.plusSeconds(2));
            assertThat(attempt.endedAt()).isEqualTo(fed.plusSeconds(32));
            assertThat(attempt.resumedFrom()).isEqualTo(5);
            assertThat(attempt.step()).isEqualTo(40);
            assertThat(attempt.deviceSeconds()).isEqualTo(28.5);
            assertThat(attempt.failure().category()).isEqualTo(ErrorCategory.OUT_OF_MEMORY);
            assertThat(attempt.failure().message()).isEqualTo("The device ran out of memory.");
            assertThat(attempt.log()).containsExactly("INFO starts at step 5", "WARN stopped by an exception");
            assertThat(attempt.evidence()).containsExactly("jobs/my-job/runs/1/attempts/1/claim.json",
                    "jobs/my-job/runs/1/attempts/1/log.txt");
        });
    }

    @Test
    void theOneThatEndsTheRunIsThereWithItsTimesAndWithoutEvidence() {
        fail();
        api.fleet.hear(new Message.AttemptStarted(SECOND, "worker-2", "host-2", 40, "slot-3"));
        var end = new Manifest(SECOND.run(), "default", JobType.GENERATE, "avatar-128@3", Outcome.CANCELLED, 2, "token",
                Map.of(), List.of(), null, null, Map.of("run", 12.0), Map.of(), api.fleet.time.instant().plusSeconds(
                        20), 1_250L, null);
        api.fleet.hear(new Message.RunEnded(end));

        assertThat(view().freedAfterMs()).isEqualTo(1_250);
        assertThat(view().attempts()).hasSize(2).last().satisfies(attempt -> {
            assertThat(attempt.worker()).isEqualTo("worker-2");
            assertThat(attempt.endedAt()).isEqualTo(end.endedAt());
            assertThat(attempt.deviceSeconds()).isEqualTo(12.0);
            assertThat(attempt.failure()).isNull();
            assertThat(attempt.log()).isEmpty();
        });
    }

    @Test
    void whileTheStoreIsAwayTheRestIsTold() {
        fail();
        api.fleet.store.setDown(true);

        assertThat(view().attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.failure()).isNotNull();
            assertThat(attempt.log()).isEmpty();
            assertThat(attempt.evidence()).isEmpty();
        });
        api.fleet.store.setDown(false);
    }

    @Test
    void listsTellNoAttempts() {
        fail();

        assertThat(Json.read(json(api.get("/v1/jobs")), JobPage.class).jobs()).singleElement()
                .satisfies(job -> assertThat(job.attempts()).isEmpty());
    }
}
