package org.atelier.common.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtelierClientTest {
    private static final JobId JOB = new JobId("job-1");
    private static final JobRequest EDIT = OptimizeRequest.of("avatar-128", new Source.Seed(7), "a big smile");
    private static final byte[] PICTURE = "the picture".getBytes(StandardCharsets.UTF_8);
    private static final Artifact AFTER = new Artifact("after.png", Digest.of(PICTURE), PICTURE.length, Artifact.PNG);
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final String EVENTS = "GET /v1/jobs/job-1/events";
    private static final String VIEW = "GET /v1/jobs/job-1";

    @TempDir
    private Path folder;

    private FakeDispatcher dispatcher;
    private AtelierClient atelier;

    @BeforeEach
    void start() throws IOException {
        dispatcher = new FakeDispatcher();
        atelier = AtelierClient.at(dispatcher.url());
    }

    @AfterEach
    void stop() {
        atelier.close();
        dispatcher.close();
    }

    private JobView view(JobState state, List<Artifact> artifacts) {
        return new JobView(JOB, "default", JobType.OPTIMIZE, "avatar-128@3", 0, Map.of(), state, false, 1, 1, NOON,
                null,
                null, null, EDIT, null, artifacts.stream().map(each -> new JobView.Download(each, dispatcher.url()
                        .resolve("/blob/" + each.name()))).toList(), null, Map.of(), null, List.of());
    }

    private static String event(int id, String name, Message message) {
        return "id: " + id + "\nevent: " + name + "\ndata: " + Json.text(message) + "\n\n";
    }

    private static String ended(Outcome outcome, @Nullable JobFailure failure) {
        return event(9, "run.ended", new Message.RunEnded(new Manifest(RunId.first(JOB), "default", JobType.OPTIMIZE,
                "avatar-128@3", outcome, 1, "token", Map.of(), List.of(), null, failure, Map.of(), Map.of(), NOON)));
    }

    @Test
    void aSubmittedRequestIsTheRecordWithItsDefaults() throws Exception {
        dispatcher.onJson("POST /v1/jobs", 202, view(JobState.QUEUED, List.of()));

        var job = atelier.submit(EDIT);

        assertThat(job.id()).isEqualTo(JOB);
        assertThat(dispatcher.asked()).singleElement().satisfies(asked -> {
            assertThat(Json.strict().readValue(asked.body(), JobSubmission.class)).isEqualTo(JobSubmission.of(EDIT));
            assertThat(asked.key()).isNull();
        });
    }

    @Test
    void aKeyMakesASubmissionRepeatable() throws Exception {
        dispatcher.onJson("POST /v1/jobs", 200, view(JobState.RUNNING, List.of()));

        atelier.submit(JobSubmission.of(EDIT), "order-17");

        assertThat(dispatcher.asked()).singleElement().satisfies(asked -> assertThat(asked.key()).isEqualTo(
                "order-17"));
    }

    @Test
    void aSubmissionBelongsToTheSpanThatIsCurrentThen() throws Exception {
        dispatcher.onJson("POST /v1/jobs", 200, view(JobState.RUNNING, List.of()));
        var current = new AtomicReference<Optional<TraceContext>>(Optional.empty());
        var traced = atelier.tracing(current::get);

        traced.submit(EDIT);
        current.set(TraceContext.of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", false));
        traced.submit(EDIT);

        assertThat(dispatcher.asked()).extracting(FakeDispatcher.Asked::traceparent).containsExactly(null,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    }

    @Test
    void awaitingTellsEachMessageOnceAndGivesWhatWasMade() throws Exception {
        var started = new Message.AttemptStarted(new AttemptId(RunId.first(JOB), 1), "w", "h", 0);
        dispatcher.onEvents(EVENTS, event(1, "attempt.started", started))
                .onEvents(EVENTS, ended(Outcome.SUCCEEDED, null))
                .onJson(VIEW, 200, view(JobState.SUCCEEDED, List.of(AFTER)))
                .on("GET /blob/after.png", 200, "image/png", PICTURE);
        var told = new ArrayList<Message>();

        var result = atelier.job(JOB).await(told::add);
        result.save("after.png", folder.resolve("smile.png"));

        assertThat(told).hasSize(2).startsWith(started);
        assertThat(dispatcher.asked()).as("it went on where it was cut off").extracting(
                FakeDispatcher.Asked::lastEventId)
                .startsWith(null, "1");
        assertThat(folder.resolve("smile.png")).hasBinaryContent(PICTURE);
        assertThatThrownBy(() -> result.save("before.png", folder.resolve("x"))).hasMessageContaining("after.png");
    }

    @Test
    void aJobThatWasReplayedIsAwaitedToTheEndOfItsNewestRun() throws Exception {
        var again = event(10, "run.queued", new Message.RunQueued(new RunId(JOB, 2)));
        dispatcher.onEvents(EVENTS, ended(Outcome.FAILED, null), again)
                .onEvents(EVENTS, ended(Outcome.SUCCEEDED, null))
                .onJson(VIEW, 200, view(JobState.SUCCEEDED, List.of(AFTER)));

        assertThat(atelier.job(JOB).await().view().state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aDamagedArtifactIsNoResult() throws Exception {
        dispatcher.onEvents(EVENTS, ended(Outcome.SUCCEEDED, null))
                .onJson(VIEW, 200, view(JobState.SUCCEEDED, List.of(AFTER)))
                .on("GET /blob/after.png", 200, "image/png", "another".getBytes(StandardCharsets.UTF_8));
        var result = atelier.job(JOB).await();

        assertThatThrownBy(() -> result.save("after.png", folder.resolve("x"))).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void aFailureIsThrownWithItsReason() {
        var failure = new JobFailure(ErrorCategory.DIVERGED, false, "NaN in step 3; lower the learning rate", "");
        dispatcher.onEvents(EVENTS, ended(Outcome.FAILED, failure));

        assertThatThrownBy(() -> atelier.job(JOB).await()).isInstanceOfSatisfying(JobNotSucceededException.class,
                thrown -> {
                    assertThat(thrown.failure()).contains(failure);
                    assertThat(thrown).hasMessageContaining("job-1/1 failed: DIVERGED, NaN in step 3");
                });
    }

    @Test
    void aRefusalNamesTheFields() {
        dispatcher.onProblem("POST /v1/jobs", 422, "{\"type\":\"urn:x\",\"title\":\"Invalid\",\"status\":422,"
                + "\"detail\":\"no\",\"violations\":[{\"field\":\"/request/steps\",\"message\":\"must be 1 or more\"}]}");

        assertThatThrownBy(() -> atelier.submit(EDIT)).isInstanceOfSatisfying(RefusedException.class, thrown -> {
            assertThat(thrown.problem().status()).isEqualTo(422);
            assertThat(thrown).hasMessageContaining("/request/steps must be 1 or more");
        });
    }

    @Test
    void whereNobodyAnswersTheAddressIsNamed() {
        dispatcher.close();

        assertThatThrownBy(() -> atelier.job(JOB).view()).isInstanceOf(UnreachableException.class)
                .hasMessageContaining(dispatcher.url().toString()).hasMessageContaining("nothing listens there");
    }

    @Test
    void whatIsNoPictureIsNotSent() throws Exception {
        var text = Files.writeString(folder.resolve("face.png"), "hello");

        assertThatThrownBy(() -> atelier.upload(text)).hasMessageContaining("neither a PNG nor a JPEG");
        assertThat(dispatcher.asked()).isEmpty();
    }
}
