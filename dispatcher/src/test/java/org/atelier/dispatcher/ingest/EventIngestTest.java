package org.atelier.dispatcher.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.progressed;
import static org.atelier.dispatcher.support.Samples.started;
import static org.atelier.dispatcher.support.Samples.worker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.atelier.dispatcher.topic.Received;
import org.atelier.dispatcher.watch.JobWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class EventIngestTest {
    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    private final JobWatch watch = new JobWatch();
    private final Bell bell = new Bell();
    private Fleet fleet;
    private EventIngest ingest;

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder);
        fleet.accept("job-1");
        ingest = new EventIngest(fleet.book, fleet.workers, watch, fleet.metrics, bell, fleet.time, fleet.webhooks);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private Received record(String topic, int offset, Message message) {
        return new Received(topic, 1, offset, new Decoded.Understood(Event.of(message, URI.create("/worker"),
                fleet.time.instant())));
    }

    @Test
    void statesMoveOnWatchersAreWokenAndEventsKept() throws InterruptedException {
        try (var watcher = watch.watch(new JobId("job-1")); var other = watch.watch(new JobId("job-2"))) {
            ingest.handle(List.of(record(Topics.EVENTS, 40, started(attempt("job-1", 1))), record(Topics.EVENTS, 42,
                    progressed(attempt("job-1", 1), 1))));

            assertThat(watcher.bell().await(Duration.ZERO)).isTrue();
            assertThat(other.bell().await(Duration.ZERO)).isFalse();
        }
        assertThat(watch.size()).isZero();
        assertThat(bell.await(Duration.ZERO)).isTrue();
        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
        assertThat(fleet.events("job-1")).extracting(event -> event.offset() + " " + event.name())
                .containsExactly("40 attempt.started", "42 attempt.progressed");
        assertThat(fleet.book.positions(Topics.EVENTS)).containsOnly(Map.entry(1, 43L));
    }

    @Test
    void whatNothingFollowsFromWakesNobodyWhoDecides() throws InterruptedException {
        ingest.handle(List.of(record(Topics.EVENTS, 1, worker("worker-1"))));
        assertThat(bell.await(Duration.ZERO)).as("a worker has come").isTrue();

        ingest.handle(List.of(record(Topics.EVENTS, 2, worker("worker-1")), record(Topics.EVENTS, 3,
                new Message.RunQueued(RunId.first(new JobId("job-1")))), record(Topics.EVENTS, 4, progressed(attempt(
                        "job-1", 1), 1))));
        assertThat(bell.await(Duration.ZERO)).as("all is as it was").isFalse();

        ingest.handle(List.of(record(Topics.EVENTS, 5, new Message.RunQueued(RunId.first(new JobId("job-1")).next()))));
        assertThat(bell.await(Duration.ZERO)).as("a replay").isTrue();
        ingest.handle(List.of(record(Topics.EVENTS, 6, progressed(attempt("job-1", 1), 2)), record(Topics.EVENTS, 7,
                started(attempt("job-1", 1)))));
        assertThat(bell.await(Duration.ZERO)).as("a record has left the ready topic").isTrue();
    }

    @Test
    void whatComesTwiceIsKeptOnce() {
        var batch = List.of(record(Topics.EVENTS, 40, started(attempt("job-1", 1))));
        ingest.handle(batch);
        ingest.handle(batch);

        assertThat(fleet.events("job-1")).hasSize(1);
    }

    @Test
    void onlyTheResultsTopicAnnouncesAnEnd() {
        var ended = new Message.RunEnded(manifest(attempt("job-1", 1), Outcome.SUCCEEDED));

        ingest.handle(List.of(record(Topics.EVENTS, 40, ended)));
        assertThat(fleet.state("job-1")).isEqualTo(JobState.SUCCEEDED);
        assertThat(fleet.book.unannounced(10)).containsExactly(ended.manifest());

        ingest.handle(List.of(record(Topics.RESULTS, 3, ended)));
        assertThat(fleet.book.unannounced(10)).isEmpty();
        assertThat(fleet.events("job-1")).as("watchers see it once").hasSize(1);
    }

    @Test
    void workersComeAndGo() {
        ingest.handle(List.of(record(Topics.EVENTS, 1, worker("worker-1")), record(Topics.EVENTS, 2, worker(
                "worker-2"))));
        assertThat(fleet.workers.slots("edit")).isEqualTo(2);

        ingest.handle(List.of(record(Topics.EVENTS, 3, new Message.WorkerLeft("worker-1"))));
        assertThat(fleet.workers.slots("edit")).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsPassedOver() {
        ingest.handle(List.of(
                new Received(Topics.EVENTS, 1, 5, new Decoded.Unreadable("e1", "/x", "the event has no data")),
                new Received(Topics.EVENTS, 1, 6, new Decoded.Newer("org.atelier.attempt.started.v7")),
                record(Topics.EVENTS, 7, started(attempt("job-1", 1)))));

        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
        assertThat(fleet.book.positions(Topics.EVENTS)).containsOnly(Map.entry(1, 8L));
    }

    @Test
    void aRecordThatMeetsADefectIsPassedOverAlone() {
        var isolating = new Isolating(batch -> {
            if (batch.stream().anyMatch(record -> record.offset() == 41)) {
                throw new IllegalStateException("a defect, as the test wants it");
            }
            ingest.handle(batch);
        }, fleet.book, fleet.metrics);

        isolating.handle(List.of(record(Topics.EVENTS, 40, started(attempt("job-1", 1))), record(Topics.EVENTS, 41,
                progressed(attempt("job-1", 1), 1)), record(Topics.EVENTS, 42, progressed(attempt("job-1", 1), 2))));

        assertThat(fleet.events("job-1")).extracting(event -> event.offset()).containsExactly(40L, 42L);
        assertThat(fleet.book.positions(Topics.EVENTS)).containsOnly(Map.entry(1, 43L));
    }

    @Test
    void aRunNumberBeyondAllBoundsIsADefectOfItsRecordOnly() {
        var isolating = new Isolating(ingest, fleet.book, fleet.metrics);
        var absurd = new AttemptId(new RunId(new JobId("job-1"),
                Integer.MAX_VALUE), 1);

        isolating.handle(List.of(record(Topics.EVENTS, 40, started(absurd)), record(Topics.EVENTS, 41, started(attempt(
                "job-1", 1)))));

        assertThat(fleet.state("job-1")).isEqualTo(JobState.RUNNING);
        assertThat(fleet.entry("job-1").run()).isEqualTo(1);
    }
}
