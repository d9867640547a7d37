package org.atelier.dispatcher.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.api.JobState;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Checkpoint;
import org.atelier.common.ledger.Erased;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.StoredEvent;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {
    private static final Principal WHO = new Principal("default", "anna");
    private static final String BODY = "{\"request\": {\"type\": \"generate\", \"bundle\": \"avatar-128\","
            + " \"sources\": [{\"seed\": 85}]}, \"subjects\": [\"person-42\"], \"labels\": {\"name\": \"secret\"}}";

    @TempDir
    private Path folder;

    private Fleet fleet;
    private BlobStore blobs;
    private Retention retention;

    @BeforeEach
    void open() {
        fleet = new Fleet(folder);
        blobs = new BlobStore(fleet.store);
        retention = fleet.retention(Map.of("ATELIER_GC_INTERVAL", "0s"));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private Artifact blob(String content) {
        return blobs.put(content, content.getBytes(StandardCharsets.UTF_8), "image/png");
    }

    private JobId accept(String job, String subject, Source... sources) {
        var submission = new JobSubmission(GenerateRequest.of(Samples.BUNDLE, List.of(sources)), 0, Map.of("name",
                "secret"), null, null, List.of(), JobSubmission.QUEUE_TIMEOUT, JobSubmission.RUN_TIMEOUT,
                subject == null
                        ? List.of()
                        : List.of(subject));
        return fleet.accept(new StoredRequest(new JobId(job), "default", submission, Samples.BUNDLE, "sha256:" + "0"
                .repeat(64), fleet.time.instant()));
    }

    private void succeed(JobId job, Artifact... artifacts) {
        var attempt = new AttemptId(RunId.first(job), 1);
        fleet.claim(attempt);
        fleet.hear(Samples.started(attempt));
        var sample = Samples.manifest(attempt, Outcome.SUCCEEDED);
        var manifest = new Manifest(sample.run(), "default", sample.type(), sample.bundle(), Outcome.SUCCEEDED, 1, "t",
                Map.of("name", "secret"), List.of(artifacts), Json.tree(Map.of("about", "secret")), null, Map.of(), Map
                        .of(), fleet.time.instant());
        fleet.ledger.commit(manifest);
        fleet.hear(new Message.RunEnded(manifest));
        fleet.book.write(batch -> batch.announced(manifest.run()));
    }

    private static ErasureRequest of(String id, String... jobs) {
        return new ErasureRequest(id, null, List.of(jobs).stream().map(JobId::new).toList(), false, false);
    }

    private ErasureView find(String id) {
        return fleet.erasures().find(WHO, id).orElseThrow();
    }

    private boolean isThere(Artifact blob) {
        return fleet.store.keys().contains(StoreKeys.blob(blob.digest()));
    }

    private List<JobId> about(String subject) {
        return fleet.index.list(new JobIndex.Filter("default", Optional.empty(), Optional.empty(),
                Optional.of(subject)), Optional.empty(), 10).stream().map(entry -> entry.request()
                        .job()).toList();
    }

    @Test
    void nothingOfAPersonIsLeftAndNothingOfOthersIsGone() {
        var photo = blob("photo");
        var shared = blob("shared");
        var result = blob("result");
        var preview = blob("preview");
        var state = blob("state");
        var hers = accept("hers", "person-42", new Source.Latent(photo.digest()));
        var again = accept("hers-too", "person-42", new Source.Seed(1));
        var his = accept("his", "person-7", new Source.Seed(2));
        fleet.book.write(batch -> batch.keep(new StoredEvent(hers, 3, 1, "attempt.progressed", Json.text(Map.of(
                "previews",
                List.of(preview))), fleet.time.instant())));
        fleet.ledger.save(new Checkpoint(new AttemptId(RunId.first(hers), 1), 3, state));
        succeed(hers, result, shared);
        succeed(again);
        succeed(his, shared);
        assertThat(about("person-42")).containsExactlyInAnyOrder(hers, again);

        var view = fleet.erasures().submit(WHO, new ErasureRequest("erasure-1", "person-42", null, false, false));
        assertThat(view.jobs()).isEqualTo(2);
        retention.step();

        var done = find("erasure-1");
        assertThat(done.done()).isTrue();
        assertThat(done.blobs()).isEqualTo(4);
        assertThat(done.kept()).isOne();
        assertThat(List.of(photo, result, preview, state)).noneMatch(this::isThere);
        assertThat(isThere(shared)).as("another job made the same picture").isTrue();
        assertThat(fleet.store.keys()).filteredOn(key -> key.contains("hers")).containsExactlyInAnyOrder(StoreKeys
                .erased(again), StoreKeys.erased(hers));
        assertThat(fleet.store.keys()).as("no note of it is left").filteredOn(key -> key.startsWith("erasures/"))
                .containsExactlyInAnyOrder(StoreKeys.erasurePlan("erasure-1"), StoreKeys.erasureReport("erasure-1"));
        for (var key : fleet.store.keys()) {
            if (!key.contains("his") && key.endsWith(".json")) {
                assertThat(new String(fleet.store.get(key).orElseThrow(), StandardCharsets.UTF_8)).as(key)
                        .doesNotContain(
                                "secret");
            }
        }
        assertThat(fleet.index.find(hers)).isEmpty();
        assertThat(fleet.events("hers")).isEmpty();
        assertThat(about("person-42")).isEmpty();
        assertThat(fleet.state("his")).isEqualTo(JobState.SUCCEEDED);
        assertThat(fleet.events.retracted(Topics.RESULTS)).containsExactlyInAnyOrder("hers", "hers-too");
        assertThat(fleet.events.published().stream().filter(record -> record.message() instanceof Message.JobErased))
                .extracting(record -> record.topic()).containsOnly(Topics.EVENTS, Topics.CONTROL).hasSize(4);
        assertThat(fleet.events.published(Message.ActionAudited.class)).singleElement().satisfies(audited -> {
            assertThat(audited.action()).isEqualTo("job.erase");
            assertThat(audited.target()).isEqualTo("erasure-1");
            assertThat(audited.details()).containsExactlyInAnyOrderEntriesOf(Map.of("jobs", "2", "subject",
                    "person-42"));
        });
    }

    @Test
    void aJobThatRunsIsCancelledFirstAndErasedWhenItHasEnded() {
        var job = accept("runs", null, new Source.Seed(85));
        fleet.step();
        var attempt = new AttemptId(RunId.first(job), 1);
        fleet.claim(attempt);
        fleet.hear(Samples.started(attempt));
        fleet.erasures().submit(WHO, of("erasure-1", "runs"));

        retention.step();
        retention.step();

        assertThat(find("erasure-1").waiting()).containsExactly(job);
        assertThat(fleet.ledger.cancel(RunId.first(job)).orElseThrow().actor()).isEqualTo("anna");
        assertThat(fleet.events.published(Message.CancelRequested.class)).as("once in each of two topics").hasSize(2);
        assertThat(fleet.entry("runs").cancelling()).isTrue();

        var late = blob("late");
        fleet.ledger.commit(Samples.manifest(attempt, Outcome.CANCELLED));
        retention.step();
        assertThat(find("erasure-1").done()).isTrue();
        assertThat(fleet.index.find(job)).isEmpty();
        assertThat(isThere(late)).as("nobody knows whose it is").isTrue();
    }

    @Test
    void aJobThatWaitsIsEndedByTheDispatcherFirst() {
        accept("waits", null, new Source.Seed(85));
        fleet.erasures().submit(WHO, of("erasure-1", "waits"));

        retention.step();
        fleet.step();
        retention.step();

        assertThat(find("erasure-1").done()).isTrue();
    }

    @Test
    void anErasedJobDoesNotComeBackWhenTheTopicsAreReadAgain() {
        var intake = Intakes.over(fleet);
        var job = new JobId("hers");
        var body = Intakes.json(BODY);
        var accepted = ((Admission.Accepted) intake.admit(Principal.PRODUCER, job, body, null)).request();
        fleet.book.write(batch -> batch.admit(accepted, "edit"));
        succeed(job);
        fleet.erasures().submit(WHO, of("erasure-1", "hers"));
        retention.step();

        assertThat(intake.admit(Principal.PRODUCER, job, body, null)).isEqualTo(new Admission.Erased(job));
        fleet.hear(new Message.RunQueued(RunId.first(job)));
        fleet.hear(new Message.RunEnded(Samples.manifest(new AttemptId(RunId.first(job), 1), Outcome.SUCCEEDED)));
        fleet.book.write(batch -> {
            batch.admit(accepted, "edit");
            batch.keep(new StoredEvent(job, 9, 1, "run.queued", "{}", fleet.time.instant()));
        });

        assertThat(fleet.index.find(job)).isEmpty();
        assertThat(fleet.events("hers")).isEmpty();
        assertThat(fleet.store.keys()).filteredOn(key -> key.startsWith("jobs/")).containsExactly(StoreKeys.erased(
                job));
    }

    @Test
    void aRequestThatIsTakenInAtTheSameMomentDoesNotBringItBack() {
        var job = new JobId("hers");
        // Between the look-up of the job and its creation it is made, ended and erased by others.
        var racing = Intakes.over(fleet, tenant -> {
            fleet.ledger.erase(new Erased(job, "default", "erasure-1", fleet.time.instant()));
            return Optional.empty();
        });

        assertThat(racing.submit(WHO, job, Intakes.json(BODY), null)).isEqualTo(new Admission.Erased(job));
        assertThat(fleet.ledger.request(job)).isEmpty();
    }

    @Test
    void aDeathAtAnyWriteComesToTheSameEnd() {
        for (int writes = 0;; writes++) {
            var name = "job-" + writes;
            var picture = blob("picture of " + name);
            succeed(accept(name, null, new Source.Seed(85)), picture);
            fleet.erasures().submit(WHO, of("erasure-" + writes, name));
            fleet.store.setDownAfter(writes);
            retention.step();
            fleet.store.setDownAfter(Integer.MAX_VALUE);
            boolean done = find("erasure-" + writes).done();

            retention = fleet.retention(Map.of("ATELIER_GC_INTERVAL", "0s"));
            fleet.time.pass(Duration.ofMinutes(11));
            retention.step();

            assertThat(find("erasure-" + writes).done()).as("after %d writes", writes).isTrue();
            assertThat(isThere(picture)).isFalse();
            assertThat(fleet.index.find(new JobId(name))).isEmpty();
            if (done) {
                assertThat(writes).isGreaterThanOrEqualTo(5);
                return;
            }
        }
    }

    @Test
    void aDeathAtAnyMessageComesToTheSameEnd() {
        for (int messages = 0; messages < 4; messages++) {
            var name = "job-" + messages;
            succeed(accept(name, null, new Source.Seed(85)));
            fleet.erasures().submit(WHO, of("erasure-" + messages, name));
            fleet.events.setDownAfter(messages);
            retention.step();
            fleet.events.setDownAfter(Integer.MAX_VALUE);

            retention = fleet.retention(Map.of("ATELIER_GC_INTERVAL", "0s"));
            retention.step();

            assertThat(find("erasure-" + messages).done()).isTrue();
            assertThat(fleet.events.retracted(Topics.RESULTS)).contains(name);
        }
    }

    @Test
    void whatWasUsedAgainLatelyIsWaitedForAnHour() {
        var photo = blob("photo");
        succeed(accept("hers", null, new Source.Latent(photo.digest())));
        fleet.time.pass(Duration.ofMinutes(5));
        blob("photo");
        fleet.erasures().submit(WHO, of("erasure-1", "hers"));

        retention.step();
        assertThat(find("erasure-1").done()).isFalse();
        assertThat(isThere(photo)).as("somebody uploaded it again and is about to use it").isTrue();
        assertThat(fleet.index.find(new JobId("hers"))).as("everything else is gone").isEmpty();

        fleet.time.pass(Eraser.PENDING.plusMinutes(1));
        retention.step();
        assertThat(find("erasure-1").done()).isTrue();
        assertThat(isThere(photo)).isFalse();
    }

    @Test
    void jobsThatUseItsResultAreNamedAndStopItWhileTheyRun() {
        var parent = accept("parent", null, new Source.Seed(85));
        succeed(parent, blob("latent"));
        var child = accept("child", null, new Source.Result(parent, null));

        assertThatThrownBy(() -> fleet.erasures().submit(WHO, of("erasure-1", "parent"))).isInstanceOf(
                Erasures.NeededException.class).hasMessageContaining("child").hasMessageContaining("with_children");
        assertThatThrownBy(() -> fleet.erasures().erase(WHO, parent)).isInstanceOf(Erasures.NeededException.class);

        succeed(child);
        assertThat(fleet.erasures().submit(WHO, new ErasureRequest(null, null, List.of(parent), false, true))
                .children())
                .containsExactly(child);
        assertThat(fleet.erasures().submit(WHO, new ErasureRequest("erasure-2", null, List.of(parent), true, false))
                .jobs()).isEqualTo(2);
        retention.step();
        assertThat(fleet.index.find(child)).isEmpty();
        assertThat(Intakes.over(fleet).admit(Principal.PRODUCER, new JobId("new-child"), Intakes.json("""
                {"request": {"type": "generate", "bundle": "avatar-128", "sources": [{"job": "parent"}]}}"""), null))
                .isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused.violations())
                        .singleElement().satisfies(violation -> assertThat(violation.message()).contains(
                                "was erased")));
    }

    @Test
    void theSameRequestIsTheSameErasureAndAnotherIsRefused() {
        succeed(accept("hers", null, new Source.Seed(85)));
        var first = fleet.erasures().erase(WHO, new JobId("hers")).orElseThrow();
        assertThat(fleet.erasures().erase(WHO, new JobId("hers")).orElseThrow().id()).isEqualTo(first.id());
        retention.step();
        assertThat(fleet.erasures().erase(WHO, new JobId("hers")).orElseThrow().done()).isTrue();
        assertThat(fleet.erasures().erase(new Principal("others", "eve"), new JobId("hers"))).isEmpty();
        assertThat(fleet.erasures().erase(WHO, new JobId("nobody"))).isEmpty();

        assertThatThrownBy(() -> fleet.erasures().submit(WHO, of("x-1", "nobody"))).isInstanceOf(
                InvalidSubmissionException.class);
        assertThatThrownBy(() -> fleet.erasures().submit(WHO, new ErasureRequest("x-1", "an address@of.somebody", List
                .of(), false, false))).isInstanceOf(InvalidSubmissionException.class);
        fleet.erasures().submit(WHO, new ErasureRequest("x-1", "person-1", null, false, false));
        assertThatThrownBy(() -> fleet.erasures().submit(WHO, new ErasureRequest("x-1", "person-2", null, false,
                false)))
                .isInstanceOf(Erasures.IdTakenException.class);
    }
}
