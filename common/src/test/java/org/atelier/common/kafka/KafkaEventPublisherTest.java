package org.atelier.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.junit.jupiter.api.Test;

class KafkaEventPublisherTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final MockProducer<String, byte[]> producer = new MockProducer<>(false, null, new StringSerializer(),
            new ByteArraySerializer());
    private final KafkaEventPublisher publisher = new KafkaEventPublisher(() -> producer, EventCodec.source(
            "dispatcher",
            "d1"), CLOCK);
    private final Message.RunQueued message = new Message.RunQueued(RunId.first(new JobId("job-1")));

    @Test
    void isDoneWhenTheBrokersHaveIt() {
        var done = publisher.publish("atelier.events", message);

        assertThat(done).isNotDone();
        producer.completeNext();
        assertThat(done).isCompleted();
        assertThat(producer.history()).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("atelier.events");
            assertThat(record.key()).isEqualTo("job-1");
            assertThat(EventCodec.decode(record.key(), record.headers(), record.value()))
                    .isInstanceOfSatisfying(EventCodec.Decoded.Understood.class, understood -> {
                        Event event = understood.event();
                        assertThat(event.message()).isEqualTo(message);
                        assertThat(event.time()).isEqualTo(CLOCK.instant());
                        assertThat(event.source()).hasToString("/atelier/dispatcher/d1");
                    });
        });
    }

    @Test
    void tellsWhereTheRecordLies() {
        var where = publisher.publishAndLocate("atelier.ready.edit", message, null);

        producer.completeNext();
        assertThat(where).isCompletedWithValueMatching(metadata -> metadata.topic().equals("atelier.ready.edit")
                && metadata.offset() == 0);
    }

    @Test
    void aRequestNamesItsJob() {
        publisher.publish("atelier.requests", new Message.JobRequested("job-1", JsonNodeFactory.instance.objectNode()));

        assertThat(producer.history()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("job-1");
            assertThat(EventCodec.decode(record.key(), record.headers(), record.value()))
                    .isInstanceOfSatisfying(EventCodec.Decoded.Understood.class,
                            understood -> assertThat(understood.event().subject()).isEqualTo("job-1"));
        });
    }

    @Test
    void saysWhenItFailed() {
        var done = publisher.publish("atelier.events", message);

        producer.errorNext(new TimeoutException("no answer"));
        assertThat(done).isCompletedExceptionally();
        assertThatThrownBy(done::join).hasCauseInstanceOf(PublishException.class).hasMessageContaining(
                "atelier.events");
    }

    @Test
    void waitingThrowsWhatWentWrong() {
        producer.sendException = new IllegalStateException("closed");

        assertThatThrownBy(() -> publisher.publishAndWait("atelier.events", message))
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("closed");
    }
}
