package org.atelier.dispatcher.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.ledger.Cancel;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.RunOrigin;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Samples;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The projection is dropped and made anew from the store, as where the topics no longer hold anything. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class RebuildTest {
    private static final Executor HERE = Runnable::run;
    private static final String TOPIC = "atelier.requests";

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder);
    }

    @AfterEach
    void close() {
        if (fleet != null) {
            fleet.close();
        }
    }

    private StoreSweep sweep() {
        return new StoreSweep(fleet.store, fleet.ledger, fleet.book, Fleet.SETTINGS.pools(), HERE);
    }

    private int swept() {
        int[] restored = new int[1];
        assertThat(sweep().run(() -> true, (lookedAt, missing) -> restored[0] = missing)).isTrue();
        return restored[0];
    }

    private void drop() {
        fleet.builds().want("anna", fleet.time.instant());
        fleet.book.enter(fleet.builds().begin(fleet.time.instant()));
        assertThat(fleet.index.counts()).isEmpty();
    }

    private void end(String job, int run, int attempt, Outcome outcome) {
        var id = new AttemptId(new RunId(new JobId(job), run), attempt);
        fleet.ledger.commit(Samples.manifest(id, outcome));
        fleet.hear(new Message.RunEnded(Samples.manifest(id, outcome)));
    }

    private void replay(String job) {
        var second = run(job).next();
        fleet.ledger.replay(new RunOrigin(second, "replay-1", "anna", fleet.time.instant()));
        fleet.hear(new Message.RunQueued(second));
    }

    private void start(String job, int attempt) {
        fleet.claim(attempt(job, attempt));
        fleet.hear(new Message.AttemptStarted(attempt(job, attempt), "worker-1", "host-1", 0));
    }

    private void child(String job, String parent) {
        var generate = GenerateRequest.of(Samples.BUNDLE, List.of(new Source.Seed(85)));
        var submission = new JobSubmission(generate, 0, Map.of(), null, null, List.of(new JobId(parent)), null, null);
        fleet.accept(new StoredRequest(new JobId(job), "default", submission, Samples.BUNDLE, "sha256:" + "0".repeat(
                64),
                fleet.time.instant()));
    }

    /** Jobs in every state that there is. */
    private void fill() {
        List.of("waits", "succeeded", "failed", "cancelled", "replayed", "twice-run", "half-cancelled", "runs",
                "runs-again").forEach(fleet::accept);
        end("succeeded", 1, 1, Outcome.SUCCEEDED);
        end("failed", 1, 3, Outcome.FAILED);
        end("cancelled", 1, 1, Outcome.CANCELLED);
        end("replayed", 1, 1, Outcome.FAILED);
        replay("replayed");
        end("twice-run", 1, 1, Outcome.SUCCEEDED);
        replay("twice-run");
        end("twice-run", 2, 1, Outcome.FAILED);
        start("runs", 1);
        start("runs-again", 1);
        start("runs-again", 2);
        start("half-cancelled", 1);
        fleet.ledger.cancel(new Cancel(run("half-cancelled"), "anna", fleet.time.instant()));
        fleet.hear(new Message.CancelRequested(run("half-cancelled"), "anna"));
        child("child-of-success", "succeeded");
        child("child-of-twice", "twice-run");
        child("child-of-runs", "runs");
    }

    private List<JobIndex.Entry> all() {
        return fleet.index.list(new JobIndex.Filter("default", Optional.empty(), Optional.empty()), Optional.empty(),
                100);
    }

    @Test
    void everyJobHasItsStateBackAndTheSameAreFed() {
        fill();
        var before = all();
        drop();

        assertThat(swept()).isEqualTo(before.size());

        assertThat(all()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
        var waiting = fleet.book.waiting("edit", "default", 100).stream().map(each -> each.attempt().job().value());
        assertThat(waiting).containsExactlyInAnyOrder("waits", "replayed", "child-of-success", "child-of-twice");
    }

    @Test
    void whatIsKnownIsNotReadAgain() {
        fill();
        fleet.store.list("jobs/").forEach(object -> fleet.store.put(object.key(), "no JSON".getBytes(
                StandardCharsets.UTF_8), "text/plain"));

        assertThat(swept()).isZero();
    }

    @Test
    void onlyWhatIsMissingIsRead() {
        fill();
        var before = all();
        drop();
        // The topics still tell of these.
        fleet.book.write(write -> write.admit(fleet.ledger.request(new JobId("waits")).orElseThrow(), "edit"));
        fleet.book.write(write -> write.admit(fleet.ledger.request(new JobId("failed")).orElseThrow(), "edit"));

        assertThat(swept()).isEqualTo(before.size() - 1);
        assertThat(all()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    }

    @Test
    void aDocumentThatCannotBeReadStopsNobody() {
        fleet.accept("sound");
        fleet.accept("damaged");
        fleet.store.put("jobs/damaged/request.json", new byte[]{'{'}, "application/json");
        fleet.store.put("jobs/no-job/runs/1/manifest.json", new byte[]{'{'}, "application/json");
        fleet.store.put("jobs/Strange.Name/request.json", new byte[]{'{'}, "application/json");
        drop();

        assertThat(swept()).isOne();
        assertThat(all()).extracting(entry -> entry.request().job().value()).containsExactly("sound");
    }

    @Test
    void itMayBeStoppedAndRepeated() {
        IntStream.range(0, 1_200).forEach(job -> fleet.ledger.create(Samples.request("job-%04d".formatted(
                job))));
        drop();

        assertThat(sweep().run(() -> false, (lookedAt, restored) -> assertThat(restored).isPositive())).isFalse();
        assertThat(fleet.index.counts().get(JobState.QUEUED)).isEqualTo(500);
        assertThat(swept()).isEqualTo(700);
        assertThat(fleet.index.counts().get(JobState.QUEUED)).isEqualTo(1_200);
    }

    @Test
    void aReaderThatWasPausedMovesNoPositionOfTheNewBuild() {
        fleet.book.write(write -> write.position(TOPIC, 0, 10));
        var old = fleet.another();
        drop();

        old.write(write -> write.position(TOPIC, 0, 20));

        assertThat(fleet.book.positions(TOPIC)).isEmpty();
        fleet.book.write(write -> write.position(TOPIC, 0, 3));
        assertThat(fleet.book.positions(TOPIC)).isEqualTo(Map.of(0, 3L));
    }

    @Test
    void aWishThatNobodyHasBegunIsOneAndWhatHasBegunIsKept() {
        var builds = fleet.builds();
        int first = builds.newest().number();
        var wanted = builds.want("anna", fleet.time.instant());

        assertThat(wanted.number()).isEqualTo(first + 1);
        assertThat(builds.want("bert", fleet.time.instant())).isEqualTo(wanted);
        assertThat(builds.begin(fleet.time.instant()).beganAt()).isNotNull();
        fleet.accept("later");
        assertThat(builds.begin(fleet.time.instant().plus(Duration.ofMinutes(1))).number()).isEqualTo(first + 1);
        assertThat(fleet.state("later")).as("a term that begins again drops nothing").isEqualTo(JobState.QUEUED);
        assertThat(builds.newest().isOpen()).isTrue();
        builds.read(first + 1, Instant.EPOCH);
        builds.progress(first + 1, 7, 3);
        builds.end(first + 1, fleet.time.instant());
        assertThat(builds.newest()).satisfies(build -> {
            assertThat(build.isOpen()).isFalse();
            assertThat(build.lookedAt()).isEqualTo(7);
            assertThat(build.restored()).isEqualTo(3);
            assertThat(build.wantedBy()).isEqualTo("anna");
        });
    }
}
