package org.atelier.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.acl.AclOperation;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Grant;
import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.local.process.ChildDiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that are wrong, rights that are missing or taken away, and passwords that are changed: what is said, and that no job is lost. */
@Tag("chaos")
@TestMethodOrder(OrderAnnotation.class)
class KafkaRefusalsIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Map<String, Object> SUBMISSION = Map.of("request", Map.of("type", "generate", "bundle",
            "avatar-128", "sources", List.of(Map.of("seed", 85))));

    @TempDir
    private static Path folder;
    private static SecuredFleet secured;
    private static DispatcherClient client;

    @BeforeAll
    static void start() throws Exception {
        secured = new SecuredFleet(folder, Map.of());
        secured.allowFleet();
        client = new DispatcherClient(secured.fleet().dispatcher().url());
    }

    @AfterAll
    static void stop() {
        if (secured != null) {
            client.close();
            secured.close();
        }
    }

    private static JobId submit() throws InterruptedException {
        return new JobId(client.submit(Json.tree(SUBMISSION), Optional.empty()).path("id").asText());
    }

    private static JobState state(JobId job) throws InterruptedException {
        return Json.read(client.job(job), JobView.class).state();
    }

    private static void awaitSuccess(JobId job) {
        await().atMost(LONG).pollInterval(POLL).until(() -> state(job) == JobState.SUCCEEDED);
    }

    private static String log(String part) {
        try {
            return Files.readString(secured.fleet().folder().resolve("logs").resolve(part + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Grant only(Grant grant, AclOperation operation) {
        return new Grant(grant.resource(), List.of(operation), grant.purpose());
    }

    private static Grant ofDispatcher(String name, AclOperation operation) {
        return only(Grant.ofDispatcher(true).stream().filter(grant -> grant.resource().name().equals(name) && grant
                .operations().contains(operation)).findFirst().orElseThrow(), operation);
    }

    private static Grant ofWorker(String name) {
        return Grant.ofWorker(SecuredFleet.POOL).stream().filter(grant -> grant.resource().name().equals(name) && grant
                .kind().equals("topic")).findFirst().orElseThrow();
    }

    private static void assertDispatcherDoesNotStart(String... words) {
        var dispatcher = secured.fleet().dispatcher().service();
        assertThatThrownBy(dispatcher::startAndAwait).isInstanceOf(ChildDiedException.class).hasMessageContainingAll(
                words);
    }

    @Test
    @Order(1)
    void aDispatcherThatMayNotOrIsNotBelievedDoesNotStartAndSaysWhatToDo() throws Exception {
        secured.user(SecuredFleet.DISPATCHER, "another");
        assertDispatcherDoesNotStart("does not believe who this process is", "ATELIER_KAFKA_PROPERTIES");
        secured.user(SecuredFleet.DISPATCHER, SecuredFleet.PASSWORD);

        var create = ofDispatcher("atelier.", AclOperation.CREATE);
        secured.forbid(SecuredFleet.DISPATCHER, create);
        assertDispatcherDoesNotStart(create.command("User:PRINCIPAL"));
        secured.allow(SecuredFleet.DISPATCHER, List.of(create));

        var write = ofDispatcher("atelier.", AclOperation.WRITE);
        secured.forbid(SecuredFleet.DISPATCHER, write);
        assertDispatcherDoesNotStart("Write on topic atelier.ready.edit", "--operation Write", "--topic atelier.");
        secured.allow(SecuredFleet.DISPATCHER, List.of(write));

        secured.fleet().dispatcher().service().startAndAwait();
    }

    @Test
    @Order(2)
    void aWorkerThatMayNotTellResultsTakesNoWorkUntilItMay() throws Exception {
        var results = ofWorker(Topics.RESULTS);
        secured.forbid(SecuredFleet.WORKER, results);
        var job = submit();
        secured.worker().service().start();

        await().atMost(LONG).pollInterval(POLL).until(() -> log("worker-1").contains("Write on topic "
                + Topics.RESULTS));
        assertThat(log("worker-1")).contains(results.command("User:PRINCIPAL"));
        assertThat(secured.worker().service().isReady()).isFalse();
        assertThat(state(job)).isIn(JobState.QUEUED, JobState.READY);
        assertThat(log("worker-1").lines().filter(line -> line.contains("AUTHORIZATION_FAILED"))).as(
                "Kafka's client asks again and again, if it is let").hasSizeLessThan(20);
        secured.allow(SecuredFleet.WORKER, List.of(results));

        awaitSuccess(job);
        secured.worker().service().awaitReady();
    }

    @Test
    @Order(3)
    void whatIsTakenAwayFromARunningFleetStopsItAndLosesNothing() throws Exception {
        var ready = ofWorker(Topics.ready(SecuredFleet.POOL));
        secured.forbid(SecuredFleet.WORKER, ready);
        await().atMost(LONG).pollInterval(POLL).until(() -> !secured.worker().service().isReady());
        var job = submit();
        assertThat(state(job)).isIn(JobState.QUEUED, JobState.READY);
        secured.allow(SecuredFleet.WORKER, List.of(ready));
        awaitSuccess(job);

        var write = ofDispatcher("atelier.", AclOperation.WRITE);
        secured.forbid(SecuredFleet.DISPATCHER, write);
        var dispatcher = secured.fleet().dispatcher().service();
        await().atMost(LONG).pollInterval(POLL).until(() -> !dispatcher.isReady());
        assertThatThrownBy(KafkaRefusalsIT::submit).as("nothing is accepted that could not be kept")
                .hasMessageContaining("Kafka");
        secured.allow(SecuredFleet.DISPATCHER, List.of(write));
        dispatcher.awaitReady();
        awaitSuccess(submit());
    }

    /** Nobody restarts: what stands goes on, and what breaks is opened again by the new password. */
    @Test
    @Order(4)
    void aPasswordIsChangedWhileTheFleetRuns() throws Exception {
        secured.user(SecuredFleet.DISPATCHER, "a-new-password");
        awaitSuccess(submit());
        // Every connection breaks, as with the next restart of a broker.
        secured.fleet().broker().service().process().kill();
        secured.fleet().broker().service().startAndAwait();
        var dispatcher = secured.fleet().dispatcher().service();
        await().atMost(LONG).pollInterval(POLL).until(() -> log("dispatcher").contains(
                "does not believe who this process is"));
        assertThat(dispatcher.isReady()).as("it has the old password").isFalse();

        secured.password(SecuredFleet.DISPATCHER, "a-new-password");

        dispatcher.awaitReady();
        awaitSuccess(submit());
    }

    @Test
    @Order(5)
    void aCertificateIsChangedWhileTheFleetRuns() throws Exception {
        secured.certificate(SecuredFleet.WORKER);
        secured.fleet().broker().service().process().kill();
        secured.fleet().broker().service().startAndAwait();

        awaitSuccess(submit());
    }
}
