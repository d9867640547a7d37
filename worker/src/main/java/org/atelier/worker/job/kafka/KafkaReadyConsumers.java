package org.atelier.worker.job.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.kafka.Grant;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Refusals;
import org.atelier.common.kafka.Rights;
import org.atelier.common.kafka.Topics;
import org.atelier.worker.job.slot.ConsumerFailedException;
import org.atelier.worker.job.slot.ReadyConsumer;
import org.atelier.worker.job.slot.ReadyConsumers;

/** Opens share consumers of a pool's ready topic, in the pool's share group. */
final class KafkaReadyConsumers implements ReadyConsumers {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final String pool;
    private final String clientId;

    /** @param clientId what brokers call the slot */
    KafkaReadyConsumers(KafkaSettings kafka, String pool, String clientId) {
        this.kafka = kafka;
        this.pool = pool;
        this.clientId = clientId;
    }

    @Override
    public ReadyConsumer open() {
        try {
            checkRights();
            var consumer = new KafkaShareConsumer<>(properties(), new StringDeserializer(),
                    new ByteArrayDeserializer());
            consumer.subscribe(List.of(Topics.ready(pool)));
            return new KafkaReadyConsumer(consumer);
        } catch (KafkaException e) {
            throw new ConsumerFailedException("no share consumer of " + Topics.ready(pool) + " could be opened ("
                    + Refusals
                            .explained(e).orElse(e.toString()) + ")", e);
        }
    }

    /**
     * All that the worker has to be allowed, before it takes any work: a run whose end it may not tell would be computed for nothing. And a
     * share consumer that may not read asks again a hundred times a second, and says so in the log (Kafka 4.4).
     */
    private void checkRights() {
        try (var admin = Admin.create(kafka.client(clientId + "-rights", Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()))))) {
            new Rights(admin, Grant.ofWorker(pool), TIMEOUT)
                    .problem(List.of(Topics.ready(pool), Topics.CONTROL, Topics.EVENTS, Topics.RESULTS), List.of(Topics
                            .shareGroup(pool)))
                    .ifPresent(problem -> {
                        throw new ConsumerFailedException(problem);
                    });
        }
    }

    /** What the slot's loop relies on; see fields' documentation in Kafka. Locks and limits are the group's, set by the dispatcher. */
    Map<String, Object> properties() {
        return kafka.client(clientId, Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, Topics.shareGroup(pool),
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit",
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1));
    }
}
