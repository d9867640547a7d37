package org.atelier.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.request.Violation;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaJobsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final URI SOURCE = URI.create("/service/shop");
    private static final TopicPartition PARTITION = new TopicPartition(Topics.RESULTS, 0);
    private static final JobId JOB = new JobId("job-1");
    private static final JobSubmission EDIT = JobSubmission.of(OptimizeRequest.of("avatar-128", new Source.Seed(7),
            "a smile"));
    private static final long SECONDS = 20;

    private final MockProducer<String, byte[]> producer = new MockProducer<>(true, null, new StringSerializer(),
            new ByteArraySerializer());
    private final Queue<MockConsumer<String, byte[]>> unused = new ArrayDeque<>();
    /** What is read from now on, behind ten results of earlier jobs. */
    private final MockConsumer<String, byte[]> live = consumer(10);
    private final MockConsumer<String, byte[]> past = consumer(1);
    private @Nullable TraceContext current;
    private final KafkaJobs jobs = new KafkaJobs(new KafkaEventPublisher(() -> producer, SOURCE, CLOCK),
            Topics.REQUESTS,
            Topics.RESULTS, SOURCE, CLOCK,
            () -> Optional.ofNullable(current), unused::remove);

    private MockConsumer<String, byte[]> consumer(long end) {
        var consumer = new MockConsumer<String, byte[]>("earliest");
        var nobody = new Node[0];
        consumer.updatePartitions(Topics.RESULTS, List.of(new PartitionInfo(Topics.RESULTS, 0, Node.noNode(), nobody,
                nobody)));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, end));
        unused.add(consumer);
        return consumer;
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    private static void add(MockConsumer<String, byte[]> consumer, long offset, Message message) {
        var encoded = EventCodec.encode(Event.of(message, URI.create("/atelier/worker/w"), CLOCK.instant()));
        consumer.schedulePollTask(() -> consumer.addRecord(new ConsumerRecord<>(Topics.RESULTS, 0, offset, 0L,
                TimestampType.CREATE_TIME, 0, 0, message.key(), encoded.value(), encoded.headers(), Optional
                        .empty())));
    }

    private static Manifest manifest(JobId job, Outcome outcome) {
        return new Manifest(RunId.first(job), "default", JobType.OPTIMIZE, "avatar-128@3", outcome, 1, "token", Map
                .of(),
                List.of(), null, null, Map.of(), Map.of(), CLOCK.instant());
    }

    private static Manifest of(CompletableFuture<Manifest> end) throws Exception {
        return end.get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aSubmissionIsARecordNamedByItsJob() {
        jobs.submit(JOB, EDIT);
        jobs.submit(JOB, EDIT);

        assertThat(producer.history()).hasSize(2).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo(Topics.REQUESTS);
            assertThat(record.key()).isEqualTo("job-1");
            var event = ((Decoded.Understood) EventCodec.decode(record.key(), record.headers(), record.value()))
                    .event();
            assertThat(event.id()).as("a repeat is the same event").isEqualTo("job-1");
            assertThat(event.subject()).isEqualTo("job-1");
            assertThat(event.source()).isEqualTo(SOURCE);
            assertThat(Json.read(((Message.JobRequested) event.message()).submission(), JobSubmission.class))
                    .isEqualTo(EDIT);
        });
    }

    @Test
    void aSubmissionBelongsToTheSpanThatIsCurrentThen() {
        jobs.submit(JOB, EDIT);
        current = TraceContext.of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true).orElseThrow();
        jobs.submit(JOB, EDIT);

        assertThat(producer.history()).extracting(record -> ((Decoded.Understood) EventCodec.decode(record.key(), record
                .headers(), record.value())).event().trace()).containsExactly(null, current);
    }

    @Test
    void theEndOfAJobCompletesItAndNoOther() throws Exception {
        var one = jobs.submit(JOB, EDIT);
        var other = jobs.submit(new JobId("job-2"), EDIT);

        add(live, 10, new Message.RunEnded(manifest(new JobId("job-9"), Outcome.SUCCEEDED)));
        add(live, 11, new Message.RunEnded(manifest(JOB, Outcome.FAILED)));

        assertThat(of(one)).isEqualTo(manifest(JOB, Outcome.FAILED));
        assertThat(other).isNotDone();
    }

    @Test
    void aRefusalIsOfTheServiceThatSentTheRequest() {
        var mine = jobs.submit(JOB, EDIT);
        var violations = List.of(new Violation("/request/steps", "must be 1 or more"));

        add(live, 10, new Message.RequestRefused("/service/other", "job-1", List.of()));
        add(live, 11, new Message.RequestRefused(SOURCE.toString(), "job-1", violations));

        assertThatThrownBy(() -> of(mine)).cause().isInstanceOfSatisfying(RequestRefusedException.class,
                refused -> assertThat(refused.violations()).isEqualTo(violations))
                .hasMessageContaining("/request/steps must be 1 or more");
    }

    @Test
    void whatEndedBeforeIsFoundInTheTopic() throws Exception {
        add(past, 0, new Message.RunEnded(manifest(JOB, Outcome.SUCCEEDED)));

        assertThat(of(jobs.await(JOB))).isEqualTo(manifest(JOB, Outcome.SUCCEEDED));
    }

    @Test
    void anUnreadableRecordStopsNothing() throws Exception {
        var end = jobs.submit(JOB, EDIT);

        live.schedulePollTask(() -> live.addRecord(new ConsumerRecord<>(Topics.RESULTS, 0, 10, "x", new byte[]{1})));
        add(live, 11, new Message.RunEnded(manifest(JOB, Outcome.CANCELLED)));

        assertThat(of(end).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aWriteOfUnknownOutcomeIsSaid() {
        producer.sendException = new TimeoutException("no broker");

        assertThatThrownBy(() -> of(jobs.submit(JOB, EDIT))).hasCauseInstanceOf(PublishException.class);
    }

    @Test
    void whoWaitsIsToldWhenNothingCanBeRead() {
        var end = jobs.submit(JOB, EDIT);

        live.schedulePollTask(() -> live.setPollException(new KafkaException("not authorized")));

        assertThatThrownBy(() -> of(end)).rootCause().hasMessageContaining("not authorized");
        assertThatThrownBy(() -> of(jobs.submit(JOB, EDIT))).hasRootCauseMessage("closed");
    }
}
