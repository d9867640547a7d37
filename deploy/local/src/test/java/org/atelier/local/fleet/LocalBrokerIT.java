package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.kafka.KafkaAdmin;
import org.atelier.dispatcher.kafka.KafkaReadyTopic;
import org.atelier.local.servers.TestServers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

class LocalBrokerIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final FleetExtension FLEET = new FleetExtension();

    private static Admin admin() {
        return Admin.create(FLEET.fleet().broker().settings().client("admin", Map.of()));
    }

    private static String topic(TestInfo test) throws Exception {
        var name = test.getTestMethod().orElseThrow().getName();
        try (var admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
        return name;
    }

    private static Producer<String, String> producer(Map<String, Object> own) {
        return new KafkaProducer<>(FLEET.fleet().broker().settings().client("producer", own), new StringSerializer(),
                new StringSerializer());
    }

    private static void produce(String topic, String... values) throws Exception {
        try (var producer = producer(Map.of())) {
            for (var value : values) {
                producer.send(new ProducerRecord<>(topic, "key", value)).get();
            }
        }
    }

    private static ShareConsumer<String, String> member(String topic) throws Exception {
        return member(topic, "group-" + topic);
    }

    private static ShareConsumer<String, String> member(String topic, String group) throws Exception {
        try (var admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), Set.of(
                    new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"),
                            AlterConfigOp.OpType.SET),
                    new AlterConfigOp(new ConfigEntry("share.record.lock.duration.ms", "1000"),
                            AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        var member = new KafkaShareConsumer<>(FLEET.fleet().broker().settings().client("member", Map.of(
                "group.id", group,
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", "record_limit",
                "max.poll.records", 1)), new StringDeserializer(), new StringDeserializer());
        member.subscribe(List.of(topic));
        return member;
    }

    private static List<ConsumerRecord<String, String>> poll(ShareConsumer<String, String> member) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        await().atMost(LONG).until(() -> {
            member.poll(Duration.ofMillis(200)).forEach(records::add);
            return !records.isEmpty();
        });
        return records;
    }

    private static String take(ShareConsumer<String, String> member) {
        var records = poll(member);
        assertThat(records).hasSize(1);
        member.acknowledge(records.getFirst(), AcknowledgeType.ACCEPT);
        member.commitSync();
        return records.getFirst().value();
    }

    @Test
    void shareGroupGetsEachRecordOnce(TestInfo test) throws Exception {
        var topic = topic(test);
        produce(topic, "one", "two", "three");

        try (var member = member(topic)) {
            assertThat(List.of(take(member), take(member), take(member))).containsExactly("one", "two", "three");
        }
    }

    @Test
    void recordOfAMemberThatLetsItsLockLapseIsDeliveredAgain(TestInfo test) throws Exception {
        var topic = topic(test);
        produce(topic, "job");
        try (var slow = member(topic); var other = member(topic)) {
            assertThat(poll(slow)).extracting(ConsumerRecord::value).containsExactly("job");

            var again = poll(other);

            assertThat(again).extracting(ConsumerRecord::value).containsExactly("job");
            assertThat(again.getFirst().deliveryCount()).contains((short) 2);
            other.acknowledge(again.getFirst(), AcknowledgeType.ACCEPT);
            other.commitSync();
        }
    }

    @Tag(TestServers.OWN)
    @Test
    void recordsSurviveAKilledBroker(TestInfo test) throws Exception {
        var topic = topic(test);
        var service = FLEET.fleet().broker().service();
        produce(topic, "before");

        service.process().kill();
        service.startAndAwait();
        produce(topic, "after");

        try (var member = member(topic)) {
            assertThat(List.of(take(member), take(member))).containsExactly("before", "after");
        }
    }

    @Tag(TestServers.OWN)
    @Test
    void frozenBrokerAnswersNobodyUntilItIsResumed(TestInfo test) throws Exception {
        var topic = topic(test);
        var process = FLEET.fleet().broker().service().process();
        try (var producer = producer(Map.of("request.timeout.ms", 500, "delivery.timeout.ms", 1_000, "linger.ms",
                0))) {
            producer.send(new ProducerRecord<>(topic, "warm")).get();

            process.freeze();
            var sent = producer.send(new ProducerRecord<>(topic, "lost"));

            assertThatThrownBy(() -> sent.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(process.alive()).isTrue();

            process.resume();
            produce(topic, "kept");
        }
        try (var member = member(topic)) {
            var seen = new ArrayList<String>();
            while (!seen.contains("kept")) {
                seen.add(take(member));
            }
            assertThat(seen).startsWith("warm");
        }
    }

    private static AttemptReady ready(String job) {
        return new AttemptReady(new AttemptId(RunId.first(new JobId(job)), 1), "default", JobSubmission.of(
                GenerateRequest.of("avatar-128", List.of(new Source.Seed(1)))), "avatar-128@1");
    }

    /** The dispatcher's own classes: what the share group is done with goes, and nothing of what it is not. */
    @Test
    void aReadyTopicIsTrimmedBehindItsShareGroup() throws Exception {
        var pool = "trim";
        var settings = FLEET.fleet().broker().settings();
        var partition = new TopicPartition(Topics.ready(pool), 0);
        try (var admin = admin();
                var kafkaAdmin = new KafkaAdmin(settings, "trimmer");
                var publisher = new KafkaEventPublisher(settings, "trimmer", EventCodec.source("dispatcher", "trimmer"),
                        Clock.systemUTC())) {
            admin.createTopics(List.of(new NewTopic(Topics.ready(pool), 1, (short) 1))).all().get();
            var topic = new KafkaReadyTopic(publisher, kafkaAdmin);
            for (var job : List.of("job-1", "job-2", "job-3")) {
                topic.feed(pool, ready(job), null).get();
            }
            try (var member = member(Topics.ready(pool), Topics.shareGroup(pool))) {
                take(member);
                take(member);
                var held = poll(member);
                await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> {
                    topic.trim(pool);
                    return admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).partitionResult(partition).get()
                            .offset();
                }, first -> first == 2);
                assertThat(topic.doneBefore(pool)).containsEntry(0, 2L);

                assertThat(held).extracting(ConsumerRecord::key).containsExactly("job-3");
                topic.trim(pool);
                member.acknowledge(held.getFirst(), AcknowledgeType.RELEASE);
                member.commitSync();
                assertThat(poll(member)).as("what is not done is still there").extracting(ConsumerRecord::key)
                        .containsExactly("job-3");
            }
        }
    }

    @Test
    void topicsAreNotMadeByMistake() throws Exception {
        try (var producer = producer(Map.of("max.block.ms", 1_000)); var admin = admin()) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("misspelt", "x")).get())
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(admin.listTopics().names().get()).doesNotContain("misspelt");
        }
    }
}
