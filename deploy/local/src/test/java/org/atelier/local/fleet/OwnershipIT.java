package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Event;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Who may run an attempt, and what becomes of it when records are lost and workers leave or die: real processes, and faults
 * at moments that a test chooses. In this order, because each start of a worker takes seconds and nothing else differs.
 */
@TestMethodOrder(OrderAnnotation.class)
class OwnershipIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String POOL = "edit";
    private static final int MOST_ATTEMPTS = 2;
    private static final int STEPS = 60;
    private static final int ENDLESS = 100_000;
    /** The worker's own words for its exit codes are in its documentation. */
    private static final int LEFT = 0;
    private static final int SECOND_SIGNAL = 130;

    private static LocalFleet fleet;
    private static LocalWorker worker;
    private static DispatcherClient client;
    private static S3ObjectStore store;
    private static JobLedger ledger;

    @BeforeAll
    static void start() throws InterruptedException {
        var installation = Installation.ofThisProcess();
        var quick = Map.of("ATELIER_HEARTBEAT_INTERVAL", "500ms");
        fleet = LocalFleet.openTemporary(installation, new FleetOptions(0, Map.of("ATELIER_HEARTBEAT_INTERVAL", "500ms",
                "ATELIER_MAX_ATTEMPTS", String.valueOf(MOST_ATTEMPTS), "ATELIER_UNCLAIMED_TIMEOUT", "2s"), quick));
        fleet.start(installation.home().resolve("models/avatar-128"));
        worker = fleet.addWorker("worker-1");
        client = new DispatcherClient(fleet.dispatcher().url());
        store = new S3ObjectStore(fleet.store().settings(), Duration.ofSeconds(10));
        ledger = new JobLedger(store);
    }

    @AfterAll
    static void stop() {
        client.close();
        store.close();
        fleet.close();
    }

    private static JobId submit(int steps) throws InterruptedException {
        var submission = Json.tree(Map.of("request", Map.of("type", "optimize", "bundle", "avatar-128", "source", Map
                .of("seed", 5), "prompt", "a big smile", "steps", steps)));
        return new JobId(client.submit(submission, Optional.empty()).path("id").asText());
    }

    private static JobView view(JobId job) throws InterruptedException {
        return Json.read(client.job(job), JobView.class);
    }

    private static JobView ended(JobId job) {
        return await().atMost(LONG).pollInterval(POLL).until(() -> view(job), view -> view.state().terminal());
    }

    private static void awaitSteps(JobId job, int attempt) {
        await().atMost(LONG).pollInterval(POLL).until(() -> view(job), view -> view.state() == JobState.RUNNING && view
                .attempt() == attempt && view.progress() != null && view.progress().step() > 2);
    }

    /** Ids of what upstream was told. A result may be told again, under the same id. */
    private static Set<String> results(JobId job) {
        return TopicReader.read(fleet, Topics.RESULTS).stream().filter(event -> job.value().equals(event.subject()))
                .map(Event::id).collect(Collectors.toSet());
    }

    private static void terminate() {
        ProcessHandle.of(worker.service().process().pid()).orElseThrow().destroy();
    }

    /** Takes the next record of the pool as a slot would, and lets the broker archive it. */
    private static ConsumerRecord<String, byte[]> archiveNext() {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var thief = new KafkaShareConsumer<>(fleet.broker().settings().client("thief", Map.of(
                "group.id", Topics.shareGroup(POOL),
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", "record_limit",
                "max.poll.records", 1)), new StringDeserializer(), new ByteArrayDeserializer())) {
            thief.subscribe(List.of(Topics.ready(POOL)));
            await().atMost(LONG).until(() -> {
                thief.poll(Duration.ofMillis(200)).forEach(records::add);
                return !records.isEmpty();
            });
            thief.acknowledge(records.getFirst(), AcknowledgeType.REJECT);
            thief.commitSync();
        }
        return records.getFirst();
    }

    @Test
    @Order(1)
    void aRecordThatIsArchivedBeforeAnyClaimIsFedAgain() throws Exception {
        var job = submit(5);

        assertThat(view(job).waitingFor()).contains("No worker of the pool edit");
        assertThat(archiveNext().key()).isEqualTo(job.value());
        worker.service().startAndAwait();
        var view = ended(job);

        assertThat(view.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(view.attempts()).as("the record was lost, no attempt was").singleElement().satisfies(
                attempt -> assertThat(attempt.worker()).isEqualTo("worker-1"));
        assertThat(TopicReader.read(fleet, Topics.ready(POOL))).extracting(Event::subject).containsOnly(job.value())
                .hasSizeGreaterThan(1);
        assertThat(results(job)).containsExactly(job + "/1");
    }

    @Test
    @Order(2)
    void aWorkerThatIsToldToLeaveHandsItsWorkBackAndLeavesAtOnceWhenItIsToldTwice() throws Exception {
        var job = submit(STEPS);
        awaitSteps(job, 1);

        terminate();
        assertThat(worker.service().process().awaitEnd()).isEqualTo(LEFT);
        await().atMost(LONG).pollInterval(POLL).until(() -> view(job).attempts().getFirst().failure() != null);
        assertThat(view(job).attempts().getFirst()).satisfies(attempt -> {
            assertThat(attempt.failure().category()).isEqualTo(ErrorCategory.PREEMPTED);
            assertThat(attempt.slot()).isEqualTo("slot-0");
            assertThat(attempt.log()).anySatisfy(line -> assertThat(line).contains("PREEMPTED"));
            assertThat(attempt.evidence()).contains("jobs/" + job + "/runs/1/attempts/1/checkpoint.json");
        });

        worker.service().startAndAwait();
        awaitSteps(job, 2);
        assertThat(view(job).attempts().get(1).resumedFrom()).as("the checkpoint of its last step").isPositive();
        // It cannot tell that it hands back, so it is still leaving when the second signal comes.
        fleet.broker().service().process().freeze();
        terminate();
        await().atMost(LONG).pollInterval(POLL).until(() -> worker.service().process().lastLines().stream().anyMatch(
                line -> line.contains("SIGTERM: the worker is to leave")));
        terminate();
        assertThat(worker.service().process().awaitEnd()).isEqualTo(SECOND_SIGNAL);
        fleet.broker().service().process().resume();

        worker.service().startAndAwait();
        var view = ended(job);
        assertThat(view.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(view.attempt()).isEqualTo(3);
        assertThat(results(job)).containsExactly(job + "/1");
    }

    /** The claim is there before anything is computed, so dying of the job itself uses an attempt up each time. */
    @Test
    @Order(3)
    void aJobThatKillsItsWorkersEndsAfterItsAttempts() throws Exception {
        var job = submit(ENDLESS);
        for (int number = 1; number <= MOST_ATTEMPTS; number++) {
            var attempt = new AttemptId(RunId.first(job), number);
            worker.service().startAndAwait();
            await().atMost(LONG).pollInterval(POLL).until(() -> ledger.claim(attempt).isPresent());
            worker.service().process().kill();
        }
        // Whoever comes next finds the claim, and that its holder is silent.
        worker.service().startAndAwait();
        var view = ended(job);

        assertThat(view.state()).isEqualTo(JobState.FAILED);
        assertThat(view.failure().category()).isEqualTo(ErrorCategory.TIMEOUT);
        assertThat(view.attempts()).hasSize(MOST_ATTEMPTS).allSatisfy(attempt -> assertThat(attempt.evidence())
                .anySatisfy(key -> assertThat(key).endsWith("/claim.json")));
        assertThat(ledger.claim(new AttemptId(RunId.first(job), MOST_ATTEMPTS + 1))).isEmpty();
        assertThat(results(job)).containsExactly(job + "/1");
    }
}
