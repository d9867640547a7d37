package org.atelier.dispatcher.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.atelier.common.kafka.Grant;
import org.atelier.common.kafka.Refusals;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.schedule.Pools;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what is missing of topics and share groups, and refuses to go on where something is there and wrong. What is there
 * is never changed: somebody may have meant it, and a changed setting must not change a running installation unseen.
 */
public final class Provisioner {
    /** The feature of share groups; from this level on they have dead-letter queues (KIP-1191). */
    private static final String SHARE_FEATURE = "share.version";
    private static final int SHARE_LEVEL = 2;

    /** How long a change may take to be seen: brokers learn of it one by one. */
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(Provisioner.class);

    private final KafkaAdmin admin;
    private final TopicSettings settings;
    private final Layout layout;
    private final RetryPolicy<List<String>> settling = RetryPolicy.<List<String>>builder()
            .handleResultIf(problems -> !problems.isEmpty())
            .withDelay(LOOK_AGAIN)
            .withMaxRetries(-1)
            .withMaxDuration(SETTLING)
            .build();

    public Provisioner(KafkaAdmin admin, TopicSettings settings, Pools pools) {
        this.admin = admin;
        this.settings = settings;
        this.layout = Layout.of(settings, pools);
    }

    /**
     * Makes and checks.
     *
     * @throws UnfitKafkaException if anything is wrong
     * @throws org.atelier.dispatcher.fault.UnavailableException if Kafka does not answer
     */
    public void run() {
        var problems = new ArrayList<String>();
        int level = admin.feature(SHARE_FEATURE);
        if (level < SHARE_LEVEL) {
            problems.add("the cluster has " + SHARE_FEATURE + "=" + level + " and must have at least " + SHARE_LEVEL
                    + ", which Kafka 4.4 brings: kafka-features.sh upgrade --feature " + SHARE_FEATURE + "="
                    + SHARE_LEVEL);
        } else {
            try {
                layout.topics().forEach(topic -> provision(topic, problems));
                if (problems.isEmpty()) {
                    layout.groups().forEach(group -> provision(group, problems));
                }
                missingRights().ifPresent(problems::add);
            } catch (AuthorizationException e) {
                // Whatever else is missing is said with it. Of what is not there yet, Kafka does not tell what may be done with it.
                problems.add(missingRights().orElseGet(() -> Refusals.explained(e).orElseThrow()
                        + ", and among it, with the process's user in the place of PRINCIPAL:" + Grant.commands(grants()
                                .stream().filter(grant -> !Grant.ofDispatcher(false).contains(grant)).toList())));
            }
        }
        if (!problems.isEmpty()) {
            throw new UnfitKafkaException(problems);
        }
    }

    /** What is wrong with the connection to Kafka, or with what the dispatcher may do there, which somebody may have changed; empty: nothing. */
    public Optional<String> problem() {
        try {
            return admin.problem().or(this::missingRights);
        } catch (UnavailableException | ApiException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private List<Grant> grants() {
        return Grant.ofDispatcher(settings.create());
    }

    private Optional<String> missingRights() {
        return admin.missingRights(grants(), layout.topics().stream().map(Layout.Topic::name).toList(), layout.groups()
                .stream().map(Layout.Group::name).toList());
    }

    private void provision(Layout.Topic topic, List<String> problems) {
        if (admin.topic(topic.name()).isEmpty()) {
            if (!settings.create()) {
                problems.add("the topic " + topic.name() + " is missing; make it, or set " + TopicSettings.CREATE.key()
                        + "=true");
                return;
            }
            try {
                admin.create(new NewTopic(topic.name(), topic.partitions(), (short) settings.replication())
                        .configs(topic.configs().stream().collect(Collectors.toMap(Wanted::key, Wanted::value))));
                LOG.info("topic {} is made, with {} partitions of {} copies", topic.name(), topic.partitions(), settings
                        .replication());
            } catch (AuthorizationException e) {
                throw e;
            } catch (ApiException e) {
                problems.add("the topic " + topic.name() + " could not be made: " + e.getMessage()
                        + " (see the settings ATELIER_TOPIC_*)");
            }
            return;
        }
        check(topic, problems);
    }

    private void check(Layout.Topic topic, List<String> problems) {
        var actual = admin.config(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
        for (var wanted : topic.configs()) {
            var entry = actual.get(wanted.key());
            wanted.problem(entry == null ? null : entry.value())
                    .ifPresent(problem -> problems.add("the topic " + topic.name() + ": " + problem));
        }
        var partitions = admin.topic(topic.name()).orElseThrow().partitions();
        if (partitions.stream().anyMatch(partition -> partition.replicas().size() < settings.replication())) {
            problems.add("the topic " + topic.name() + ": some partitions have fewer copies than "
                    + TopicSettings.REPLICATION.key() + "=" + settings.replication()
                    + ". Add copies with kafka-reassign-partitions.sh, or lower the setting");
        }
        if (partitions.size() != topic.partitions()) {
            LOG.info("topic {} has {} partitions; the {} that settings say are for a new one", topic.name(), partitions
                    .size(), topic.partitions());
        }
    }

    private void provision(Layout.Group group, List<String> problems) {
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group.name());
        var actual = entries(resource);
        var unset = group.configs().stream().filter(wanted -> isUnset(actual.get(wanted.key()))).toList();
        if (settings.create() && !unset.isEmpty()) {
            try {
                admin.configure(resource, unset);
            } catch (AuthorizationException e) {
                throw e;
            } catch (ApiException e) {
                problems.add("the share group " + group.name() + " could not be configured: " + e.getMessage()
                        + " (see the settings ATELIER_SHARE_*, and the broker's group.share.*)");
                return;
            }
            LOG.info("share group {} is configured: {}", group.name(), unset.stream()
                    .map(wanted -> wanted.key() + "=" + wanted.value())
                    .toList());
        }
        problems.addAll(Failsafe.with(settling).get(() -> check(group)));
        if (problems.isEmpty() && settings.create() && !admin.hasShareGroup(group.name())) {
            admin.createShareGroup(group.name(), group.readyTopic());
            LOG.info("share group {} is made, to begin with the first record of {}", group.name(), group
                    .readyTopic());
        }
    }

    private List<String> check(Layout.Group group) {
        var actual = entries(new ConfigResource(ConfigResource.Type.GROUP, group.name()));
        return group.configs().stream().flatMap(wanted -> {
            var entry = actual.get(wanted.key());
            return wanted.problem(entry == null ? null : entry.value()).stream();
        }).map(problem -> "the share group " + group.name() + ": " + problem).toList();
    }

    private Map<String, ConfigEntry> entries(ConfigResource resource) {
        return admin.config(resource).entries().stream().collect(Collectors.toMap(ConfigEntry::name, entry -> entry));
    }

    private static boolean isUnset(ConfigEntry entry) {
        return entry == null || entry.source() != ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG;
    }
}
