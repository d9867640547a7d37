package org.atelier.dispatcher.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.config.Configuration;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.PartOf;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.ingest.EventIngest;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Receiver;
import org.atelier.dispatcher.support.Samples;
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

/** From the record of an event to somebody who is told of it over HTTP. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class WebhookTest {
    private static final Principal ANN = new Principal("default", "ann", Role.OPERATE);
    private static final Set<String> ENDS = Set.of("run.ended");

    private final Receiver receiver = new Receiver();
    private final AtomicInteger offset = new AtomicInteger();

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    private Fleet fleet;
    private EventIngest ingest;
    private Director director;
    private Deliverer deliverer;
    private Courier courier;

    @BeforeEach
    void start() {
        fleet = new Fleet(kind, folder);
        // What happened before the first webhook is older than any clock may be wrong.
        fleet.time.pass(Duration.ofHours(1));
        ingest = ingest(fleet.webhooks);
        open(fleet.webhooks, Receiver::resolve);
    }

    private EventIngest ingest(Webhooks webhooks) {
        return new EventIngest(fleet.book, fleet.workers, new JobWatch(), fleet.metrics, new Bell(), fleet.time,
                webhooks);
    }

    private static WebhookSettings settings() {
        return WebhookSettings.of(Configuration.read(WebhookSettings.LIST, Map.of("ATELIER_WEBHOOK_HTTP", "true",
                "ATELIER_WEBHOOK_NETWORKS", "127.0.0.1", "ATELIER_WEBHOOK_RETRIES", "5s,5m,1h")));
    }

    private void open(Webhooks webhooks, Destinations.Resolver resolver) {
        courier = new Courier(settings(), new Destinations(settings(), resolver), fleet.time);
        director = new Director(fleet.deliveries, webhooks, fleet.ledger, fleet.time, fleet.time);
        deliverer = new Deliverer(fleet.deliveries, webhooks, courier, settings().retries(), fleet.metrics, new Bell(),
                fleet.time, fleet.spans());
    }

    private void stop() {
        deliverer.close();
        courier.close();
    }

    @AfterEach
    void close() {
        stop();
        receiver.close();
        fleet.close();
    }

    private Webhooks.Issued webhook(Set<String> events) {
        try {
            return fleet.webhooks.create(ANN, receiver.url(), "", events, false);
        } catch (Webhooks.TooManyException e) {
            throw new IllegalStateException(e);
        }
    }

    private Manifest ended(String job) {
        return new Manifest(RunId.first(new JobId(job)), "default", JobType.GENERATE, "avatar-128@3",
                Outcome.SUCCEEDED, 1, "token", Map.of(), List.<Artifact>of(), null, null, Map.of(), Map.of(), fleet.time
                        .instant());
    }

    private void read(EventIngest by, String topic, Message message, Instant time) {
        var event = Event.of(message, EventCodec.source("worker", "w1"), time);
        by.handle(List.of(new Received(topic, 0, offset.getAndIncrement(), new EventCodec.Decoded.Understood(
                event))));
    }

    private void read(String topic, Message message) {
        read(ingest, topic, message, fleet.time.instant());
    }

    /** A job ends, and is told to have ended on both topics. */
    private void end(String job) {
        fleet.accept(job);
        read(Topics.EVENTS, new Message.RunEnded(ended(job)));
        read(Topics.RESULTS, new Message.RunEnded(ended(job)));
    }

    /** A round after a while. */
    private void round() {
        fleet.time.pass(Director.LOOK);
        director.step();
        deliverer.step();
    }

    private void awaitTold(int messages) {
        await().untilAsserted(() -> assertThat(receiver.told()).hasSize(messages));
    }

    private DeliveryBook.Standing standing(Webhooks.Issued webhook) {
        return fleet.deliveries.standings(Set.of(webhook.webhook().id())).getOrDefault(webhook.webhook().id(),
                DeliveryBook.Standing.NEW);
    }

    private void awaitDelivered(Webhooks.Issued webhook) {
        await().untilAsserted(() -> assertThat(standing(webhook)).satisfies(now -> assertThat(now.pending()).isZero(),
                now -> assertThat(now.deliveredAt()).isNotNull()));
    }

    private void awaitFailed(Webhooks.Issued webhook, Instant since) {
        await().untilAsserted(() -> assertThat(standing(webhook).failedAt()).isNotNull().isAfterOrEqualTo(since));
    }

    @Test
    void aResultIsToldOnceAndSigned() {
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitDelivered(webhook);

        var told = receiver.told().getFirst();
        assertThat(told.path()).isEqualTo("/hook");
        assertThat(told.header("webhook-id")).isEqualTo("job-1/1");
        assertThat(told.header("webhook-timestamp")).isEqualTo(String.valueOf(fleet.time.instant().getEpochSecond()));
        assertThat(told.header("content-type")).isEqualTo("application/cloudevents+json");
        assertThat(told.isSignedBy(webhook.secret().reveal())).isTrue();
        assertThat(told.isSignedBy("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).isFalse();
        var event = told.event();
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("type").asText()).isEqualTo("org.atelier.run.ended.v1");
        assertThat(event.path("id").asText()).isEqualTo("job-1/1");
        assertThat(event.path("subject").asText()).isEqualTo("job-1");
        assertThat(event.at("/data/manifest/outcome").asText()).isEqualToIgnoringCase("succeeded");

        read(Topics.RESULTS, new Message.RunEnded(ended("job-1")));
        end("job-2");
        round();
        awaitTold(2);
        assertThat(receiver.told().getLast().header("webhook-id")).isEqualTo("job-2/1");
    }

    @Test
    void whatWasErasedIsToldToNobody() {
        var webhook = webhook(ENDS);
        end("job-1");
        end("job-2");
        fleet.time.pass(Director.LOOK);
        director.step();
        fleet.book.write(batch -> batch.erase(new JobId("job-1")));
        round();
        awaitDelivered(webhook);

        assertThat(receiver.told()).extracting(told -> told.header("webhook-id")).containsExactly("job-2/1");
    }

    @Test
    void nothingIsToldOfWhatWasBefore() {
        end("job-1");
        var before = fleet.time.instant();
        fleet.time.pass(Duration.ofMinutes(2));
        var webhook = webhook(ENDS);
        // The projection was dropped: the record is read again, after the webhook was made.
        read(ingest, Topics.RESULTS, new Message.RunEnded(ended("job-1")), before);
        end("job-2");
        round();
        awaitDelivered(webhook);

        assertThat(receiver.told()).extracting(told -> told.header("webhook-id")).containsExactly("job-2/1");
    }

    @Test
    void onlyWhatIsWantedIsToldAndOnlyOfOnesOwnJobs() throws Exception {
        var all = webhook(Set.copyOf(Notice.types()));
        fleet.webhooks.create(new Principal("other", "bob", Role.OPERATE), receiver.url(), "", ENDS, false);
        fleet.accept("job-1");
        var attempt = new AttemptId(RunId.first(new JobId("job-1")), 1);
        read(Topics.EVENTS, new Message.AttemptStarted(attempt, "w1", "h1", 0));
        read(Topics.EVENTS, new Message.AttemptProgressed(attempt, 1, new Message.Progress(1, 2, Map.of(), null, List
                .of())));
        read(Topics.EVENTS, new Message.AttemptFailed(attempt, "w1", JobFailure.of(ErrorCategory.INTERNAL, "oh"), Map
                .of()));
        end("job-1");
        round();
        awaitDelivered(all);

        assertThat(receiver.told()).extracting(told -> told.event().path("type").asText()).containsExactlyInAnyOrder(
                "org.atelier.attempt.started.v1", "org.atelier.attempt.failed.v1", "org.atelier.run.ended.v1");
        assertThat(receiver.told()).allSatisfy(told -> assertThat(told.isSignedBy(all.secret().reveal())).isTrue());
    }

    @Test
    void partsOfCompositeJobsAreToldWhereTheyAreAskedForOnly() throws Exception {
        var whole = webhook(ENDS);
        var parts = fleet.webhooks.create(ANN, receiver.url(), "", ENDS, true);
        var request = Samples.request("job-1", 0, fleet.time.instant());
        fleet.accept(new StoredRequest(request.job(), request.tenant(), request.submission(), request.bundle(), request
                .fingerprint(), request.acceptedAt(), null, new PartOf(RunId.first(new JobId("composite")), 0, 0)));
        read(Topics.RESULTS, new Message.RunEnded(ended("job-1")));
        round();
        awaitDelivered(parts);

        assertThat(standing(whole)).isEqualTo(DeliveryBook.Standing.NEW);
        assertThat(receiver.told()).hasSize(1);
    }

    @Test
    void aResultWhoseRequestIsNotReadYetIsToldAllTheSame() {
        var webhook = webhook(ENDS);
        fleet.ledger.create(Samples.request("job-1", 0, fleet.time.instant()));
        read(Topics.RESULTS, new Message.RunEnded(ended("job-1")));
        round();
        awaitDelivered(webhook);
    }

    @Test
    void aFailureIsTriedAgainOnScheduleUnderTheSameId() {
        receiver.answers(500);
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());
        assertThat(standing(webhook).failure()).contains("500");
        assertThat(standing(webhook).nextAt()).isBetween(fleet.time.instant().plusSeconds(5), fleet.time.instant()
                .plusMillis(5_500));

        round();
        assertThat(receiver.told()).as("not before its time").hasSize(1);
        receiver.answers(204);
        fleet.time.pass(Duration.ofSeconds(5));
        round();
        awaitDelivered(webhook);

        assertThat(receiver.told()).hasSize(2);
        assertThat(receiver.told()).extracting(told -> told.header("webhook-id")).containsOnly("job-1/1");
        assertThat(receiver.told()).extracting(told -> told.header("webhook-timestamp")).doesNotHaveDuplicates();
        assertThat(receiver.told()).allSatisfy(told -> assertThat(told.isSignedBy(webhook.secret().reveal()))
                .isTrue());
    }

    @Test
    void aReceiverMayAskForMoreTimeButNotForever() {
        receiver.answers(told -> new Receiver.Reply(503, Map.of("Retry-After", "999999999")));
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());

        assertThat(standing(webhook).nextAt()).isEqualTo(fleet.time.instant().plus(Duration.ofDays(1)));
    }

    @Test
    void afterTheLastAttemptItIsGivenUp() {
        receiver.answers(500);
        var webhook = webhook(ENDS);
        end("job-1");
        for (int attempt = 1; attempt <= 4; attempt++) {
            round();
            awaitFailed(webhook, fleet.time.instant());
            awaitTold(attempt);
            fleet.time.pass(Duration.ofHours(2));
        }
        assertThat(standing(webhook).pending()).isZero();
        round();
        assertThat(receiver.told()).hasSize(4);
    }

    @Test
    void whatWasUnderWayAtADeathIsDeliveredAgain() throws Exception {
        var arrived = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        receiver.answers(told -> {
            arrived.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Receiver.Reply(204, Map.of());
        });
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        arrived.await();
        stop();
        assertThat(standing(webhook).pending()).isEqualTo(1);

        receiver.answers(204);
        // Another dispatcher takes over, and has only the store and the database.
        open(new Webhooks(fleet.store, fleet.time), Receiver::resolve);
        round();
        awaitDelivered(webhook);
        assertThat(receiver.told()).hasSize(2).extracting(told -> told.header("webhook-id")).containsOnly("job-1/1");
    }

    @Test
    void aWebhookThatAnotherDispatcherMadeAMomentAgoMissesNothing() throws Exception {
        var elsewhere = new Webhooks(fleet.store, fleet.time);
        var webhook = elsewhere.create(ANN, receiver.url(), "", ENDS, false);
        end("job-1");
        round();
        awaitDelivered(webhook);
    }

    @Test
    void oneThatTakesOverKnowsWebhooksThatItHasNotSeenYet() throws Exception {
        var successor = new Webhooks(fleet.store, fleet.time);
        receiver.answers(500);
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());
        stop();

        receiver.answers(204);
        open(successor, Receiver::resolve);
        fleet.time.pass(Duration.ofSeconds(6));
        round();
        awaitDelivered(webhook);
    }

    @Test
    void theOldSecretSignsBesideTheNewOneForADay() throws Exception {
        var old = webhook(ENDS);
        var rotated = fleet.webhooks.rotate(ANN, old.webhook()).orElseThrow();
        end("job-1");
        round();
        awaitTold(1);
        assertThat(receiver.told().getFirst().signatures()).hasSize(2);
        assertThat(receiver.told().getFirst().isSignedBy(old.secret().reveal())).isTrue();
        assertThat(receiver.told().getFirst().isSignedBy(rotated.secret().reveal())).isTrue();

        fleet.time.pass(Duration.ofHours(24));
        end("job-2");
        round();
        awaitTold(2);
        assertThat(receiver.told().getLast().signatures()).hasSize(1);
        assertThat(receiver.told().getLast().isSignedBy(rotated.secret().reveal())).isTrue();
        assertThat(receiver.told().getLast().isSignedBy(old.secret().reveal())).isFalse();
    }

    @Test
    void tooManySecretsAtOnceAreRefused() throws Exception {
        var webhook = webhook(ENDS).webhook();
        for (int i = 1; i < Webhooks.MAX_SIGNING; i++) {
            webhook = fleet.webhooks.rotate(ANN, webhook).orElseThrow().webhook();
        }
        var full = webhook;
        assertThatThrownBy(() -> fleet.webhooks.rotate(ANN, full)).isInstanceOf(Webhooks.TooManyException.class)
                .hasMessageContaining("24 h");
    }

    @Test
    void aReceiverThatIsGoneIsToldNothingMore() {
        receiver.answers(410);
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        await().untilAsserted(() -> assertThat(fleet.webhooks.find("default", webhook.webhook().id()).orElseThrow()
                .disabled()).isNotNull());
        end("job-2");
        round();
        round();

        assertThat(receiver.told()).hasSize(1);
        assertThat(standing(webhook).pending()).isZero();
    }

    @Test
    void nothingMoreIsToldToAWebhookThatWasRemoved() {
        receiver.answers(500);
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());
        fleet.webhooks.delete(webhook.webhook());
        fleet.time.pass(Duration.ofMinutes(1));
        round();

        assertThat(receiver.told()).hasSize(1);
        assertThat(fleet.deliveries.pending()).isZero();
        assertThat(fleet.store.keys()).noneMatch(key -> key.startsWith(StoreKeys.WEBHOOKS));
    }

    @Test
    void redirectionsAreNotFollowed() {
        receiver.answers(told -> new Receiver.Reply(302, Map.of("Location", "/elsewhere")));
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());

        assertThat(receiver.told()).extracting(Receiver.Told::path).containsExactly("/hook");
        assertThat(standing(webhook).failure()).contains("302");
    }

    @Test
    void aNameThatLeadsElsewhereWhenItIsConnectedToIsRefused() {
        stop();
        var looks = new AtomicInteger();
        open(fleet.webhooks, host -> {
            looks.incrementAndGet();
            return new InetAddress[]{InetAddress.getByName("127.0.0.2")};
        });
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());

        assertThat(standing(webhook).failure()).contains("127.0.0.2").contains("not public");
        assertThat(looks).hasValue(1);
        assertThat(receiver.told()).isEmpty();
    }

    @Test
    void aReceiverThatCannotBeReachedIsAFailureLikeOthers() {
        stop();
        open(fleet.webhooks, host -> {
            throw new UnknownHostException(host);
        });
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitFailed(webhook, fleet.time.instant());

        assertThat(standing(webhook).failure()).contains("cannot be found");
        assertThat(standing(webhook).pending()).isEqualTo(1);
    }

    @Test
    void oneSlowReceiverHasOnlyItsOwnPlaces() throws Exception {
        var slow = new CountDownLatch(1);
        try (var other = new Receiver()) {
            receiver.answers(told -> {
                try {
                    slow.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Receiver.Reply(204, Map.of());
            });
            var waiting = webhook(ENDS);
            var quick = fleet.webhooks.create(ANN, other.url(), "", ENDS, false);
            for (int job = 1; job <= 12; job++) {
                end("job-" + job);
            }
            await().untilAsserted(() -> {
                round();
                assertThat(standing(quick).pending()).isZero();
            });
            awaitTold(Deliverer.PER_WEBHOOK);

            slow.countDown();
            await().untilAsserted(() -> {
                round();
                assertThat(standing(waiting).pending()).isZero();
            });
            assertThat(receiver.told()).hasSize(12);
        }
    }

    @Test
    void whatIsDoneIsForgottenAfterAWhile() {
        var webhook = webhook(ENDS);
        end("job-1");
        round();
        awaitDelivered(webhook);
        fleet.time.pass(Webhooks.MEMORY.plusHours(1));
        round();
        round();

        // Were it still known, it would not be kept again; it is too old to be told, though.
        fleet.book.write(batch -> batch.keep(new Notice("job-1/1", MessageType.RUN_ENDED,
                new JobId("job-1"), fleet.time.instant(), "{}"), fleet.time.instant()));
        assertThat(fleet.deliveries.undirected(10)).hasSize(1);
        fleet.deliveries.direct(Map.of("job-1/1", List.of()), fleet.time.instant());
        read(ingest, Topics.RESULTS, new Message.RunEnded(ended("job-1")), fleet.time.instant().minus(Webhooks.MEMORY)
                .minusSeconds(1));
        assertThat(fleet.deliveries.undirected(10)).isEmpty();
    }

    @Test
    void secretsAreShownNowhere() {
        var webhook = webhook(ENDS);

        assertThat(webhook.toString() + webhook.webhook()).doesNotContain("whsec_");
    }
}
