package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.atelier.dispatcher.support.Samples.NOON;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.progressed;
import static org.atelier.dispatcher.support.Samples.ready;
import static org.atelier.dispatcher.support.Samples.request;
import static org.atelier.dispatcher.support.Samples.run;
import static org.atelier.dispatcher.support.Samples.started;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.schedule.IdleRun;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.Waiting;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ProjectionTest {
    @Parameter
    private TestDatabase kind;

    private static final int SHUFFLES = 60;

    @TempDir
    private Path folder;

    private Database database;
    private Projection projection;
    private JobIndex index;

    @BeforeEach
    void open() {
        database = kind.in(folder);
        projection = new Projection(database);
        index = new JobIndex(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void admit(String job, int priority, int secondsLater) {
        projection.write(batch -> batch.admit(request(job, priority, NOON.plusSeconds(secondsLater)), "edit"));
    }

    /** What a feeder would find at a moment. */
    private List<AttemptId> waiting(String pool, Instant now, int limit) {
        projection.promote(now, 100);
        return projection.tenantsWaiting(pool).stream()
                .flatMap(tenant -> projection.waiting(pool, tenant, limit).stream())
                .map(Waiting::attempt)
                .toList();
    }

    private JobIndex.Entry entry(String job) {
        return index.find(new JobId(job)).orElseThrow();
    }

    @Test
    void theBacklogIsOrderedByPriorityAndThenByAcceptance() {
        admit("late", 0, 20);
        admit("early", 0, 10);
        admit("urgent", 5, 30);
        admit("idle", -5, 0);
        projection.write(batch -> batch.admit(request("elsewhere", 9, NOON), "train"));

        assertThat(waiting("edit", NOON, 10)).extracting(next -> next.job().value())
                .containsExactly("urgent", "early", "late", "idle");
        assertThat(waiting("edit", NOON, 2)).containsExactly(attempt("urgent", 1), attempt("early", 1));
    }

    @Test
    void aRunGoesItsWay() {
        admit("job-1", 0, 0);
        assertThat(entry("job-1").state()).isEqualTo(JobState.QUEUED);

        projection.fed(ready(attempt("job-1", 1)), new ReadyRecord(3, 17), NOON);
        assertThat(entry("job-1").state()).isEqualTo(JobState.READY);
        assertThat(waiting("edit", NOON, 10)).isEmpty();
        assertThat(projection.fed()).singleElement().satisfies(fed -> {
            assertThat(fed.attempt()).isEqualTo(attempt("job-1", 1));
            assertThat(fed.record()).isEqualTo(new ReadyRecord(3, 17));
            assertThat(fed.pool()).isEqualTo("edit");
        });

        projection.note(started(attempt("job-1", 1)), NOON.plusSeconds(1));
        projection.note(progressed(attempt("job-1", 1), 4), NOON.plusSeconds(3));
        assertThat(projection.fed()).isEmpty();
        assertThat(projection.running()).singleElement().satisfies(running -> {
            assertThat(running.attempt()).isEqualTo(attempt("job-1", 1));
            assertThat(running.sequence()).isEqualTo(4);
            assertThat(running.worker()).isEqualTo("worker-1");
        });
        assertThat(entry("job-1").startedAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(entry("job-1").progress().step()).isEqualTo(4);

        projection.note(failed(attempt("job-1", 1), ErrorCategory.OUT_OF_MEMORY), NOON.plusSeconds(5));
        assertThat(entry("job-1").state()).isEqualTo(JobState.RETRYING);
        assertThat(entry("job-1").lastFailure().category()).isEqualTo(ErrorCategory.OUT_OF_MEMORY);
        assertThat(waiting("edit", NOON.plusSeconds(60), 10)).as("nobody has decided yet").isEmpty();
        assertThat(projection.undecided(10)).singleElement().satisfies(failure -> {
            assertThat(failure.attempt()).isEqualTo(attempt("job-1", 1));
            assertThat(failure.counted()).isEqualTo(1);
            assertThat(failure.seconds()).containsEntry("optimise", 1.5);
        });

        projection.retry(attempt("job-1", 1), NOON.plusSeconds(10));
        assertThat(projection.undecided(10)).isEmpty();
        assertThat(waiting("edit", NOON.plusSeconds(9), 10)).isEmpty();
        assertThat(waiting("edit", NOON.plusSeconds(10), 10)).containsExactly(attempt("job-1", 2));

        projection.fed(ready(attempt("job-1", 2)), new ReadyRecord(3, 18), NOON);
        projection.note(new Message.RunEnded(manifest(attempt("job-1", 2), Outcome.SUCCEEDED)), NOON);
        assertThat(entry("job-1").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(entry("job-1").endedAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(entry("job-1").attempt()).isEqualTo(2);
        assertThat(projection.fed()).isEmpty();
    }

    @Test
    void whateverOrderAndHoweverOftenItIsToldTheEndIsTheSame() {
        var first = attempt("job-1", 1);
        var second = attempt("job-1", 2);
        List<Consumer<Projection.Batch>> notes = List.of(
                batch -> batch.admit(request("job-1"), "edit"),
                batch -> batch.note(new Message.RunQueued(run("job-1")), NOON),
                batch -> batch.note(ready(first), NOON.plusSeconds(1)),
                batch -> batch.note(started(first), NOON.plusSeconds(2)),
                batch -> batch.note(progressed(first, 1), NOON.plusSeconds(3)),
                batch -> batch.note(progressed(first, 2), NOON.plusSeconds(4)),
                batch -> batch.note(failed(first, ErrorCategory.TIMEOUT), NOON.plusSeconds(9)),
                batch -> batch.note(failed(first, ErrorCategory.INTERNAL), NOON.plusSeconds(8)),
                batch -> batch.note(ready(second), NOON.plusSeconds(10)),
                batch -> batch.note(started(second), NOON.plusSeconds(11)),
                batch -> batch.note(progressed(second, 1), NOON.plusSeconds(12)),
                batch -> batch.note(new Message.CancelRequested(run("job-1"), "somebody"), NOON.plusSeconds(12)));
        Consumer<Projection.Batch> end = batch -> batch
                .note(new Message.RunEnded(manifest(first, Outcome.SUCCEEDED)), NOON.plusSeconds(60));

        var running = outcomes(notes);
        var ended = new ArrayList<>(notes);
        ended.add(end);

        assertThat(running).singleElement().satisfies(entry -> {
            assertThat(entry.state()).isEqualTo(JobState.RUNNING);
            assertThat(entry.cancelling()).isTrue();
            assertThat(entry.attempt()).isEqualTo(2);
            assertThat(entry.startedAt()).isEqualTo(NOON.plusSeconds(11));
            assertThat(entry.lastFailure().category()).as("the earlier account").isEqualTo(ErrorCategory.INTERNAL);
        });
        assertThat(outcomes(ended)).singleElement().satisfies(entry -> {
            assertThat(entry.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(entry.cancelling()).isFalse();
            assertThat(entry.manifest()).isEqualTo(manifest(first, Outcome.SUCCEEDED));
        });
    }

    /** What becomes of a job over many orders of its notes, with some of them told twice. */
    private List<JobIndex.Entry> outcomes(List<Consumer<Projection.Batch>> notes) {
        var random = new Random(85);
        return IntStream.range(0, SHUFFLES).mapToObj(shuffle -> {
            var shuffled = new ArrayList<>(notes);
            shuffled.addAll(notes.subList(0, random.nextInt(notes.size())));
            Collections.shuffle(shuffled, random);
            database.write(handle -> handle.execute("DELETE FROM jobs"));
            database.write(handle -> handle.execute("DELETE FROM attempts"));
            shuffled.forEach(projection::write);
            return entry("job-1");
        }).distinct().toList();
    }

    @Test
    void aPreemptedAttemptDoesNotCount() {
        admit("job-1", 0, 0);
        projection.note(failed(attempt("job-1", 1), ErrorCategory.PREEMPTED), NOON);
        assertThat(projection.undecided(10)).singleElement().satisfies(failed -> assertThat(failed.counted()).isZero());

        projection.note(failed(attempt("job-1", 2), ErrorCategory.INTERNAL), NOON);
        assertThat(projection.undecided(10)).singleElement().satisfies(failed -> {
            assertThat(failed.attempt()).isEqualTo(attempt("job-1", 2));
            assertThat(failed.counted()).isEqualTo(1);
        });
    }

    @Test
    void aDeferredAttemptHasLostItsRecordUntilItIsFedAgain() {
        admit("job-1", 0, 0);
        var ready = ready(attempt("job-1", 1));
        projection.fed(ready, new ReadyRecord(0, 5), NOON);

        projection.note(new Message.AttemptDeferred(ready.attempt(), "worker-1", "no memory"), NOON);
        assertThat(projection.fed()).singleElement().satisfies(fed -> assertThat(fed.record().isGone()).isTrue());
        assertThat(entry("job-1").state()).isEqualTo(JobState.READY);

        projection.fed(ready, new ReadyRecord(0, 6), NOON);
        assertThat(projection.fed()).singleElement()
                .satisfies(fed -> assertThat(fed.record()).isEqualTo(new ReadyRecord(0, 6)));

        projection.note(started(ready.attempt()), NOON);
        projection.note(new Message.AttemptDeferred(ready.attempt(), "worker-1", "no memory"), NOON);
        assertThat(entry("job-1").state()).as("a late word changes nothing").isEqualTo(JobState.RUNNING);
    }

    @Test
    void whatIsToldOfAnAttemptWithoutItsRecordIsLikeARecordThatIsGone() {
        admit("job-1", 0, 0);
        projection.fed(ready(attempt("job-1", 1)), new ReadyRecord(0, 5), NOON);

        projection.note(ready(attempt("job-1", 2)), NOON);

        assertThat(projection.fed()).singleElement().satisfies(fed -> {
            assertThat(fed.attempt()).isEqualTo(attempt("job-1", 2));
            assertThat(fed.record().isGone()).isTrue();
        });
    }

    @Test
    void aCancelledRunThatNobodyWorksOnIsAbandoned() {
        admit("queued", 0, 0);
        admit("failed", 0, 1);
        admit("running", 0, 2);
        projection.note(failed(attempt("failed", 1), ErrorCategory.INTERNAL), NOON);
        projection.note(started(attempt("running", 1)), NOON);
        for (var job : List.of("queued", "failed", "running")) {
            projection.note(new Message.CancelRequested(run(job), "somebody"), NOON);
        }

        assertThat(projection.abandoned(10)).containsExactly(new IdleRun(run("queued"), 0), new IdleRun(run("failed"),
                1));
        assertThat(waiting("edit", NOON, 10)).isEmpty();
        assertThat(projection.undecided(10)).isEmpty();
        assertThat(entry("running").cancelling()).isTrue();
    }

    @Test
    void anEndIsUnannouncedUntilTheResultsTopicTellsIt() {
        admit("job-1", 0, 0);
        var manifest = manifest(attempt("job-1", 1), Outcome.FAILED);
        projection.note(new Message.RunEnded(manifest), NOON);
        assertThat(projection.unannounced(10)).containsExactly(manifest);

        projection.write(batch -> batch.announced(manifest.run()));
        assertThat(projection.unannounced(10)).isEmpty();
    }

    @Test
    void listsTheNewestFirstPageByPage() {
        for (int job = 0; job < 7; job++) {
            admit("job-" + job, 0, job / 2);
        }
        projection.note(started(attempt("job-3", 1)), NOON);
        var all = new JobIndex.Filter("default", Optional.empty(), Optional.empty());

        var listed = new ArrayList<String>();
        var cursor = Optional.<JobIndex.Cursor>empty();
        while (true) {
            var page = index.list(all, cursor, 2);
            page.forEach(entry -> listed.add(entry.request().job().value()));
            if (page.isEmpty()) {
                break;
            }
            cursor = Optional.of(JobIndex.Cursor.parse(JobIndex.Cursor.of(page.getLast()).toString()));
        }

        assertThat(listed).containsExactly("job-6", "job-5", "job-4", "job-3", "job-2", "job-1", "job-0");
        assertThat(index.list(new JobIndex.Filter("default", Optional.of(JobState.RUNNING), Optional.empty()), Optional
                .empty(), 10)).extracting(entry -> entry.request().job().value()).containsExactly("job-3");
        assertThat(index.list(new JobIndex.Filter("another", Optional.empty(), Optional.empty()), Optional.empty(), 10))
                .isEmpty();
        assertThat(index.counts()).containsEntry(JobState.QUEUED, 6L).containsEntry(JobState.RUNNING, 1L);
    }

    @Test
    void jobsOfWhichOnlyEventsAreKnownAreNotShownYet() {
        projection.note(started(attempt("job-1", 1)), NOON);
        assertThat(index.find(new JobId("job-1"))).isEmpty();

        admit("job-1", 0, 0);
        assertThat(entry("job-1").state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void keepsEventsForReplayUntilTheyAreOld() {
        for (int position = 10; position < 14; position++) {
            var event = StoredEvent.of(progressed(attempt("job-1", 1), position), position, NOON.plusSeconds(position));
            projection.write(batch -> batch.keep(event));
            projection.write(batch -> batch.keep(event));
        }

        assertThat(index.events(new JobId("job-1"), 10, 2)).extracting(StoredEvent::offset).containsExactly(11L,
                12L);
        assertThat(index.events(new JobId("job-1"), 12, 10)).singleElement().satisfies(event -> {
            assertThat(event.name()).isEqualTo("attempt.progressed");
            assertThat(event.run()).isEqualTo(1);
            assertThat(event.data()).contains("\"sequence\":13");
        });

        projection.forgetEvents(NOON.plusSeconds(12));
        assertThat(index.events(new JobId("job-1"), 0, 10)).extracting(StoredEvent::offset).containsExactly(12L,
                13L);
    }

    @Test
    void aBatchIsWrittenWholeOrNotAtAll() {
        var boom = new IllegalStateException("in the middle");
        assertThatThrownBy(() -> projection.write(batch -> {
            batch.admit(request("job-1"), "edit");
            batch.position("atelier.requests", 0, 1);
            throw boom;
        })).isSameAs(boom);
        assertThat(index.find(new JobId("job-1"))).isEmpty();
        assertThat(projection.positions("atelier.requests")).isEmpty();

        projection.write(batch -> {
            batch.admit(request("job-1"), "edit");
            batch.position("atelier.requests", 0, 1);
            batch.position("atelier.requests", 3, 8);
        });
        projection.write(batch -> batch.position("atelier.requests", 0, 2));
        assertThat(projection.positions("atelier.requests")).containsOnly(Map.entry(0, 2L), Map.entry(3, 8L));
    }

    @Test
    void survivesARestart() {
        admit("job-1", 0, 0);
        projection.note(started(attempt("job-1", 1)), NOON);

        close();
        open();

        assertThat(entry("job-1").state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void jobsThatWaitFollowTheSettingOfThePools() {
        admit("job-1", 0, 0);
        projection.route(Pools.parse("pictures=generate"));
        assertThat(waiting("edit", NOON, 10)).isEmpty();
        assertThat(waiting("pictures", NOON, 10)).containsExactly(attempt("job-1", 1));

        projection.fed(ready(attempt("job-1", 1)), new ReadyRecord(0, 5), NOON);
        projection.route(Pools.parse("pictures=generate"));
        assertThat(projection.fed()).singleElement().satisfies(fed -> assertThat(fed.record().isGone()).isFalse());
        projection.route(Pools.parse("images=generate"));
        assertThat(projection.fed()).singleElement().satisfies(fed -> {
            assertThat(fed.pool()).isEqualTo("images");
            assertThat(fed.record().isGone()).isTrue();
        });

        admit("job-2", 0, 0);
        projection.route(Pools.parse("edit=optimize"));
        assertThat(waiting("pictures", NOON.plus(Duration.ofDays(1)), 10)).isEmpty();
    }
}
