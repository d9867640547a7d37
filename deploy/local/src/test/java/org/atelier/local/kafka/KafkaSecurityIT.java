package org.atelier.local.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Grant;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.KafkaJobs;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.RequestRefusedException;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.dispatcher.kafka.KafkaAdmin;
import org.atelier.dispatcher.kafka.KafkaReadyTopic;
import org.atelier.local.process.LoggedSecrets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker with TLS, users and an authorizer, and a dispatcher and a worker whose settings and rights are those of docs/operator.md, no more
 * and no less.
 */
@TestMethodOrder(OrderAnnotation.class)
class KafkaSecurityIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String SHOP = "shop";
    private static final String STUDIO = "studio";
    private static final String SUBMISSION = "{\"request\":{\"type\":\"generate\",\"bundle\":\"avatar-128\",\"sources\":[{\"seed\":85}]}}";

    @TempDir
    private static Path folder;
    private static SecuredFleet secured;
    private static KafkaSettings dispatcher;
    private static KafkaSettings worker;
    private static KafkaSettings shop;
    private static DispatcherClient client;

    @BeforeAll
    static void start() throws Exception {
        secured = new SecuredFleet(folder, Map.of("ATELIER_PRODUCERS", SHOP + "," + STUDIO));
        dispatcher = SecuredFleet.settings(secured.password(SecuredFleet.DISPATCHER, SecuredFleet.PASSWORD));
        worker = SecuredFleet.settings(secured.variablesOfWorker());
        shop = SecuredFleet.settings(secured.password(SHOP, "of-the-shop"));
        secured.user(SHOP, "of-the-shop");
        secured.allow(SHOP, Grant.ofTenant(SHOP));
        secured.allowFleet();
        secured.fleet().dispatcher().service().startAndAwait();
        secured.worker().service().startAndAwait();
        client = new DispatcherClient(secured.fleet().dispatcher().url());
    }

    @AfterAll
    static void stop() {
        if (secured != null) {
            client.close();
            secured.close();
        }
    }

    private static JobView ended(JobId job) {
        return await().atMost(LONG).pollInterval(POLL).until(() -> Json.read(client.job(job), JobView.class),
                view -> view.state().terminal());
    }

    private static JobId submit(String submission) throws InterruptedException {
        return new JobId(client.submit(Json.tree(Json.read(submission.getBytes(UTF_8), Map.class)), Optional.empty())
                .path("id").asText());
    }

    /** The rights that the documents list are enough for all that a fleet does, and each of them is used. */
    @Test
    void aFleetRunsByTheRightsThatTheDocumentsListAndNeedsAllOfThem() throws Exception {
        // Two: where a group is in its topic is written with the next change after the first.
        assertThat(ended(submit(SUBMISSION)).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(ended(submit(SUBMISSION)).state()).isEqualTo(JobState.SUCCEEDED);
        try (var admin = new KafkaAdmin(dispatcher, "trimmer");
                var publisher = new KafkaEventPublisher(dispatcher,
                        "trimmer", EventCodec.source("dispatcher", "trimmer"), Clock.systemUTC())) {
            // As the dispatcher does each minute.
            var topic = new KafkaReadyTopic(publisher, admin);
            await().atMost(LONG).pollInterval(POLL).until(() -> {
                topic.trim(SecuredFleet.POOL);
                return secured.log().used(SecuredFleet.DISPATCHER).stream().anyMatch(rule -> rule.startsWith(
                        "DELETE"));
            });
        }
        // What no worker can read, the broker writes to the dead letters.
        try (var producer = producer(secured.fleet().broker().settings())) {
            producer.send(new ProducerRecord<>(Topics.ready(SecuredFleet.POOL), "x", new byte[]{1})).get();
        }
        var letters = new TopicPartition(Topics.deadLetters(SecuredFleet.POOL), 0);
        try (var consumer = consumer(secured.fleet().broker().settings())) {
            await().atMost(LONG).pollInterval(POLL).until(() -> consumer.endOffsets(List.of(letters)).get(
                    letters) > 0);
        }

        assertThat(secured.log().denied(SecuredFleet.DISPATCHER)).isEmpty();
        assertThat(secured.log().used(SecuredFleet.DISPATCHER)).containsExactlyElementsOf(AuthorizerLog.rules(Grant
                .ofDispatcher(true).stream()));
        assertThat(secured.log().used(SecuredFleet.WORKER)).containsExactlyElementsOf(AuthorizerLog.rules(Grant
                .ofWorker(SecuredFleet.POOL).stream()));
    }

    @Test
    void aTenantsServiceSendsAndHearsByItsOwnTopicsAndNoOthers() throws Exception {
        var job = new JobId("order-of-the-shop");
        try (var jobs = KafkaJobs.ofTenant(shop, "till", SHOP, Clock.systemUTC())) {
            var end = jobs.submit(job, Json.read(SUBMISSION.getBytes(UTF_8), JobSubmission.class)).get(LONG
                    .toSeconds(), TimeUnit.SECONDS);
            assertThat(end.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(end.tenant()).as("said by the topic").isEqualTo(SHOP);
        }
        try (var producer = producer(shop)) {
            Stream.of(Topics.requests(STUDIO), Topics.REQUESTS, Topics.ready(SecuredFleet.POOL), Topics.EVENTS,
                    Topics.RESULTS, Topics.results(SHOP), Topics.CONTROL, Topics.AUDIT, Topics.deadLetters(
                            SecuredFleet.POOL)).forEach(topic -> assertMayNotWrite(producer, topic));
        }
        try (var consumer = consumer(shop)) {
            Stream.of(Topics.results(STUDIO), Topics.RESULTS, Topics.requests(STUDIO), Topics.requests(SHOP),
                    Topics.EVENTS, Topics.ready(SecuredFleet.POOL)).forEach(topic -> assertMayNotRead(consumer, topic));
        }
        assertThat(secured.log().used(SHOP)).containsExactlyElementsOf(AuthorizerLog.rules(Grant.ofTenant(SHOP)
                .stream()));
    }

    /** Whatever its record says: it is the shop's, or it is refused, and the shop alone is told. */
    @Test
    void aTenantsServiceCannotSayThatItIsAnother() throws Exception {
        var job = ended(submit(SUBMISSION)).id();
        try (var jobs = KafkaJobs.ofTenant(shop, "forger", SHOP, Clock.systemUTC()); var producer = producer(shop)) {
            // The job of the default tenant, by its id and with the very request.
            assertThat(jobs.submit(job, Json.read(SUBMISSION.getBytes(UTF_8), JobSubmission.class))).failsWithin(LONG)
                    .withThrowableThat().havingCause().isInstanceOf(RequestRefusedException.class)
                    .withMessageContaining("another request has made");
            var forged = new JobId("forged-order");
            var record = new ProducerRecord<>(Topics.requests(SHOP), forged.value(), SUBMISSION.replaceFirst("\\{",
                    "{\"tenant\":\"studio\",").getBytes(UTF_8));
            Map.of("ce_specversion", "1.0", "ce_id", "forged", "ce_source", "/service/forger", "ce_type",
                    "org.atelier.job.requested.v1", "ce_subject", forged.value(), "ce_tenant", STUDIO, "content-type",
                    "application/json").forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
            producer.send(record).get();
            assertThat(jobs.await(new JobId("forged"))).failsWithin(LONG).withThrowableThat().withMessageContaining(
                    "/tenant");
        }
    }

    @Test
    void aWorkerWritesNothingThatOnlyTheDispatcherWrites() {
        try (var producer = producer(worker)) {
            Stream.of(Topics.ready(SecuredFleet.POOL), Topics.REQUESTS, Topics.requests(SHOP), Topics.results(SHOP),
                    Topics.CONTROL, Topics.AUDIT).forEach(topic -> assertMayNotWrite(producer, topic));
        }
        try (var consumer = consumer(worker)) {
            Stream.of(Topics.REQUESTS, Topics.RESULTS, Topics.EVENTS, Topics.ready("other")).forEach(
                    topic -> assertMayNotRead(consumer, topic));
        }
        try (var admin = new KafkaAdmin(worker, "thief")) {
            assertRefused(GroupAuthorizationException.class, () -> new KafkaReadyTopic(null, admin).doneBefore(
                    "other"));
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void noLogHasAPasswordOrAKey() throws Exception {
        var secrets = new ArrayList<>(secured.keyOfWorker());
        assertThat(secrets).isNotEmpty();
        secrets.add(SecuredFleet.PASSWORD);
        secrets.add(secured.fleet().store().settings().secretKey().reveal());

        LoggedSecrets.assertNone(secured.fleet().folder().resolve("logs"), secrets);
    }

    private static KafkaProducer<String, byte[]> producer(KafkaSettings who) {
        return new KafkaProducer<>(who.client("test", Map.of()), new StringSerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<String, byte[]> consumer(KafkaSettings who) {
        return new KafkaConsumer<>(who.client("test", Map.of()), new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static void assertMayNotWrite(KafkaProducer<String, byte[]> producer, String topic) {
        assertRefused(TopicAuthorizationException.class, () -> producer.send(new ProducerRecord<>(topic, new byte[0]))
                .get());
    }

    private static void assertMayNotRead(KafkaConsumer<String, byte[]> consumer, String topic) {
        assertRefused(TopicAuthorizationException.class, () -> {
            var partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            consumer.poll(LONG);
        });
    }

    private static void assertRefused(Class<? extends Exception> kind, ThrowingCallable call) {
        assertThat(catchThrowable(call)).satisfies(thrown -> assertThat(Stream.iterate(
                thrown, Objects::nonNull, Throwable::getCause)).hasAtLeastOneElementOfType(kind));
    }
}
