package org.atelier.dispatcher.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.atelier.dispatcher.support.Intakes.GENERATE;
import static org.atelier.dispatcher.support.Intakes.OPTIMIZE;
import static org.atelier.dispatcher.support.Intakes.json;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.job.JobId;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.TestDatabase;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class RequestIngestTest {
    @Parameter
    private TestDatabase kind;

    private static final URI SHOP = URI.create("/shop");

    @TempDir
    private Path folder;

    private Fleet fleet;
    private Intake intake;
    private BatchHandler ingest;

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder);
        intake = Intakes.over(fleet);
        ingest = new RequestIngest(intake, fleet.book, fleet.events, Fleet.SETTINGS.pools(), fleet.metrics, new Bell(),
                Runnable::run);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static Received record(int offset, Decoded content) {
        return new Received(Topics.REQUESTS, 2, offset, content);
    }

    private Received request(int offset, String id, @Nullable String subject, String body) {
        return record(offset, new Decoded.Understood(new Event(id, SHOP, fleet.time.instant(), subject,
                new Message.JobRequested("any", json(body)))));
    }

    private List<Message.RequestRefused> refusals() {
        assertThat(fleet.events.published()).filteredOn(published -> published
                .message() instanceof Message.RequestRefused)
                .extracting(Published::topic)
                .allMatch(Topics.RESULTS::equals);
        return fleet.events.published(Message.RequestRefused.class);
    }

    @Test
    void whatCameOverHttpJoinsTheBacklog() {
        intake.submit(Principal.ANONYMOUS, new JobId("job-1"), json(GENERATE), null);

        ingest.handle(List.of(request(7, "e1", "job-1", GENERATE)));

        assertThat(fleet.state("job-1")).isEqualTo(JobState.QUEUED);
        assertThat(fleet.book.positions(Topics.REQUESTS)).containsOnly(Map.entry(2, 8L));
        assertThat(refusals()).isEmpty();
    }

    @Test
    void whatAProducerWroteBecomesAJobOfTheIdItNames() {
        ingest.handle(List.of(request(0, "e1", "their-id", OPTIMIZE)));

        assertThat(fleet.state("their-id")).isEqualTo(JobState.QUEUED);
        assertThat(fleet.ledger.request(new JobId("their-id"))).isPresent();
        assertThat(fleet.events.published(Message.JobRequested.class)).as("it is in the topic already").isEmpty();
    }

    @Test
    void withoutANameItsSourceAndIdNameTheJobHoweverOftenItIsSent() {
        ingest.handle(List.of(request(0, "e1", null, GENERATE), request(1, "e1", null, GENERATE)));
        ingest.handle(List.of(request(2, "e1", null, GENERATE)));

        assertThat(fleet.store.keys()).filteredOn(key -> key.endsWith("request.json")).hasSize(1);
        assertThat(fleet.state(JobId.ofKey("default", "/shop e1").value())).isEqualTo(JobState.QUEUED);
        assertThat(refusals()).isEmpty();
    }

    @Test
    void ofATenantsOwnTopicWhateverTheRecordSaysTheTenantIsThatOne() {
        ingest.handle(List.of(inTopicOf("shop", "e1", "job-of-shop", GENERATE), inTopicOf("shop", "e2", null,
                GENERATE)));

        assertThat(fleet.ledger.request(new JobId("job-of-shop")).orElseThrow().tenant()).isEqualTo("shop");
        assertThat(fleet.state(JobId.ofKey("shop", "/shop e2").value())).isEqualTo(JobState.QUEUED);
        assertThat(fleet.book.positions("atelier.requests.shop")).containsOnly(Map.entry(2, 1L));
    }

    @Test
    void whatATenantMayNotIsToldToItAlone() {
        ingest.handle(List.of(request(0, "e1", "job-1", GENERATE)));
        ingest.handle(List.of(inTopicOf("shop", "e2", "job-1", GENERATE)));

        assertThat(fleet.ledger.request(new JobId("job-1")).orElseThrow().tenant()).isEqualTo("default");
        assertThat(fleet.events.published()).filteredOn(published -> published
                .message() instanceof Message.RequestRefused).singleElement().satisfies(refusal -> {
                    assertThat(refusal.topic()).isEqualTo("atelier.results.shop");
                    assertThat(((Message.RequestRefused) refusal.message()).violations()).extracting(Violation::field)
                            .containsExactly("subject");
                });
    }

    private Received inTopicOf(String tenant, String id, @Nullable String subject, String body) {
        var request = request(0, id, subject, body);
        return new Received(Topics.requests(tenant), 2, 0, request.content());
    }

    @Test
    void aRefusalSaysWhyUnderItsOwnKey() {
        ingest.handle(List.of(request(0, "e1", "job-1", GENERATE.replace("avatar-128", "nobody"))));

        assertThat(refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.key()).isEqualTo("refused:/shop:e1");
            assertThat(refusal.violations()).extracting(Violation::field).containsExactly("/request/bundle");
        });
        assertThat(fleet.ledger.request(new JobId("job-1"))).isEmpty();
    }

    @Test
    void anotherRequestForATakenIdIsRefusedAndTheJobStays() {
        ingest.handle(List.of(request(0, "e1", "job-1", GENERATE), request(1, "e2", "job-1", OPTIMIZE)));

        assertThat(refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.eventId()).isEqualTo("e2");
            assertThat(refusal.violations()).extracting(Violation::field).containsExactly("subject");
        });
        assertThat(fleet.entry("job-1").request().submission().priority()).isZero();
    }

    @Test
    void everyKindOfBadRecordIsAnsweredWhereItsSenderIsKnownAndStopsNobody() {
        var batch = new ArrayList<Received>();
        batch.add(record(0, new Decoded.Unreadable(null, null, "the record is no CloudEvent")));
        batch.add(record(1, new Decoded.Unreadable("e1", "/shop", "the event has no data")));
        batch.add(record(2, new Decoded.Newer("org.atelier.job.requested.v9", "e2", "/shop")));
        batch.add(record(3, new Decoded.Understood(new Event("e3", SHOP, fleet.time.instant(), null,
                new Message.WorkerLeft("w")))));
        batch.add(request(4, "e4", "No Id", GENERATE));
        batch.add(request(5, "e5", null, "[1, 2]"));
        batch.add(request(6, "e6", "good-1", GENERATE));

        ingest.handle(batch);

        assertThat(refusals()).extracting(Message.RequestRefused::eventId).containsExactly("e1", "e2", "e3", "e4",
                "e5");
        assertThat(refusals()).allSatisfy(refusal -> assertThat(refusal.violations()).isNotEmpty());
        assertThat(fleet.state("good-1")).isEqualTo(JobState.QUEUED);
        assertThat(fleet.book.positions(Topics.REQUESTS)).containsOnly(Map.entry(2, 7L));
    }

    @Test
    void whileTheStoreIsAwayNothingIsTakenAndNothingLost() {
        var batch = List.of(request(0, "e1", "job-1", GENERATE));
        fleet.store.setDown(true);
        assertThatThrownBy(() -> ingest.handle(batch)).matches(thrown -> Outage.of(thrown).filter(Outage.STORE::equals)
                .isPresent());
        assertThat(fleet.book.positions(Topics.REQUESTS)).isEmpty();

        fleet.store.setDown(false);
        ingest.handle(batch);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.QUEUED);
    }
}
