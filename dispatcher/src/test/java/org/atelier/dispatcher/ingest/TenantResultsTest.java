package org.atelier.dispatcher.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.RecordingPublisher;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.topic.Received;
import org.junit.jupiter.api.Test;

class TenantResultsTest {
    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    private final RecordingPublisher events = new RecordingPublisher();
    private final List<Received> passedOn = new ArrayList<>();
    private final TenantResults results = new TenantResults(Set.of("shop", "studio"), events, passedOn::addAll);

    private static Message.RunEnded ended(String job, String tenant) {
        return new Message.RunEnded(new Manifest(RunId.first(new JobId(job)), tenant, JobType.GENERATE, "b@1",
                Outcome.SUCCEEDED, 1, "token", Map.of(), List.of(), null, null, Map.of(), Map.of(), NOW));
    }

    private static Received record(String topic, Message message) {
        return new Received(topic, 0, 0, new Decoded.Understood(new Event("id", URI.create("/worker/w"), NOW, message
                .key(), message)));
    }

    @Test
    void aTenantsResultsAreToldInItsOwnTopicToo() {
        var batch = List.of(record("atelier.results", ended("job-1", "shop")), record("atelier.results", ended("job-2",
                "default")), record("atelier.events", ended("job-3", "studio")));

        results.handle(batch);

        assertThat(events.published()).containsExactly(new Published("atelier.results.shop", ended("job-1", "shop")));
        assertThat(passedOn).isEqualTo(batch);
    }

    @Test
    void whatIsErasedGoesThereToo() {
        results.handle(List.of(new Received("atelier.results", 0, 0, new Decoded.Retracted("job-1"))));

        assertThat(events.retracted("atelier.results.shop")).containsExactly("job-1");
        assertThat(events.retracted("atelier.results.studio")).containsExactly("job-1");
    }

    @Test
    void nothingIsPassedOnWhileItCannotBeTold() {
        events.setDown(true);

        assertThatThrownBy(() -> results.handle(List.of(record("atelier.results", ended("job-1", "shop"))))).satisfies(
                thrown -> assertThat(Outage.of((RuntimeException) thrown)).contains(Outage.KAFKA));
        assertThat(passedOn).isEmpty();
    }
}
