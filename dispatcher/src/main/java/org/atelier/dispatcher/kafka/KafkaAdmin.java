package org.atelier.dispatcher.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.atelier.common.kafka.Grant;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Refusals;
import org.atelier.common.kafka.Renewable;
import org.atelier.common.kafka.Rights;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's administration, as far as the dispatcher uses it. Every call waits for its answer; no answer is an
 * {@link UnavailableException}, and a refusal Kafka's own {@link ApiException}. Safe for use by several threads.
 */
public final class KafkaAdmin implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaAdmin.class);

    private final Renewable<Admin> admins;

    /** Opens a client; connects with the first call. */
    public KafkaAdmin(KafkaSettings kafka, String clientId) {
        this.admins = new Renewable<>(() -> Admin.create(kafka.client(clientId, Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.dividedBy(2).toMillis())))),
                admin -> admin.close(
                        CLOSE_TIMEOUT), System::nanoTime);
    }

    /** What is wrong with the connection to Kafka, or empty if nothing is. */
    public Optional<String> problem() {
        try {
            await(admin -> admin.describeCluster().nodes(), PING_TIMEOUT);
            return Optional.empty();
        } catch (UnavailableException | ApiException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What Kafka does not let this process do, and what to do; empty if nothing is missing.
     *
     * @param grants what it has to be allowed
     */
    Optional<String> missingRights(List<Grant> grants, Collection<String> topics, Collection<String> groups) {
        var admin = admins.get();
        try {
            return new Rights(admin, grants, TIMEOUT).problem(topics, groups);
        } catch (KafkaException e) {
            throw translated(admin, e);
        }
    }

    /** The level of a feature of the cluster; 0 where it does not have it. */
    int feature(String name) {
        var range = await(admin -> admin.describeFeatures().featureMetadata(), TIMEOUT).finalizedFeatures().get(name);
        return range == null ? 0 : range.maxVersionLevel();
    }

    /** A topic, or empty if it is not there. */
    Optional<TopicDescription> topic(String name) {
        try {
            return Optional.of(await(admin -> admin.describeTopics(List.of(name)).allTopicNames(), TIMEOUT).get(name));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /** Makes a topic, unless somebody else just did. */
    void create(NewTopic topic) {
        try {
            await(admin -> admin.createTopics(List.of(topic)).all(), TIMEOUT);
        } catch (TopicExistsException e) {
            LOG.info("topic {} was made by somebody else at the same time", topic.name());
        }
    }

    /** The configuration of a topic or group. */
    Config config(ConfigResource resource) {
        return await(admin -> admin.describeConfigs(List.of(resource)).all(), TIMEOUT).get(resource);
    }

    /** Sets configurations. */
    void configure(ConfigResource resource, Collection<Wanted> values) {
        var ops = values.stream()
                .map(wanted -> new AlterConfigOp(new ConfigEntry(wanted.key(), wanted.value()),
                        AlterConfigOp.OpType.SET))
                .toList();
        await(admin -> admin.incrementalAlterConfigs(Map.of(resource, ops)).all(), TIMEOUT);
    }

    /** Whether a share group is there. */
    boolean hasShareGroup(String group) {
        try {
            await(admin -> admin.describeShareGroups(List.of(group)).all(), TIMEOUT);
            return true;
        } catch (GroupIdNotFoundException e) {
            return false;
        }
    }

    /** Makes a share group that begins with the first record there is, so that its lag is known before any member comes. */
    void createShareGroup(String group, String topic) {
        await(admin -> admin.alterShareGroupOffsets(group, firstOffsets(topic)).all(), TIMEOUT);
    }

    /** The first offset of each partition of a topic. */
    private Map<TopicPartition, Long> firstOffsets(String topic) {
        var partitions = topic(topic).orElseThrow(() -> new UnknownTopicOrPartitionException(topic))
                .partitions()
                .stream()
                .collect(Collectors.toMap(partition -> new TopicPartition(topic, partition.partition()),
                        partition -> OffsetSpec.earliest()));
        return await(admin -> admin.listOffsets(partitions).all(), TIMEOUT).entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    /** How far a share group is with a topic; partitions that it keeps no state of are left out. */
    Map<TopicPartition, SharePartitionOffsetInfo> shareGroupOffsets(String group, String topic) {
        var infos = await(admin -> admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group), TIMEOUT);
        return infos.entrySet()
                .stream()
                .filter(info -> info.getKey().topic().equals(topic) && info.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Removes the records before these offsets. */
    void deleteBefore(Map<TopicPartition, Long> offsets) {
        await(admin -> admin.deleteRecords(offsets.entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, offset -> RecordsToDelete.beforeOffset(offset
                        .getValue())))).all(), TIMEOUT);
    }

    private <T> T await(Function<Admin, KafkaFuture<T>> question, Duration timeout) {
        var admin = admins.get();
        try {
            return question.apply(admin).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw translated(admin, e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private RuntimeException translated(Admin admin, Throwable failure) {
        admins.failed(admin, failure);
        return switch (failure) {
            // Kafka calls it worth a retry, because a topic that was just made may not be known everywhere.
            case UnknownTopicOrPartitionException missing -> missing;
            case RetriableException passing -> unavailable(passing);
            case AuthenticationException stranger -> new AuthenticationException(Refusals.explained(stranger)
                    .orElseThrow(), stranger);
            case ApiException refusal -> refusal;
            default -> unavailable(failure);
        };
    }

    private static UnavailableException unavailable(Throwable cause) {
        return new UnavailableException(Outage.KAFKA, "Kafka does not answer (" + cause + "); check that it is up, and "
                + KafkaSettings.BOOTSTRAP.key() + ".", cause);
    }

    @Override
    public void close() {
        admins.close();
    }
}
