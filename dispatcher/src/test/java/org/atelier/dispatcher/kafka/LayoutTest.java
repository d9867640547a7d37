package org.atelier.dispatcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.schedule.Pools;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static TopicSettings settings(Map<String, String> environment) {
        return TopicSettings.of(Configuration.read(TopicSettings.LIST, environment));
    }

    private static Map<String, String> configs(Layout layout, String topic) {
        return layout.topics().stream()
                .filter(candidate -> candidate.name().equals(topic))
                .findFirst()
                .orElseThrow()
                .configs()
                .stream()
                .collect(Collectors.toMap(Wanted::key, Wanted::value));
    }

    @Test
    void defaults() {
        assertThat(settings(Map.of())).isEqualTo(new TopicSettings(true, 8, 1, 3, 2, Duration.ofDays(14), Duration
                .ofDays(
                        7), Duration.ofHours(6), Duration.ofDays(90), Duration.ofDays(90), Duration.ofSeconds(30), 10,
                Set.of()));
    }

    @Test
    void everySettingArrives() {
        assertThat(settings(Map.ofEntries(
                Map.entry("ATELIER_TOPICS_CREATE", "false"),
                Map.entry("ATELIER_TOPIC_PARTITIONS", "4"),
                Map.entry("ATELIER_READY_PARTITIONS", "2"),
                Map.entry("ATELIER_TOPIC_REPLICATION", "1"),
                Map.entry("ATELIER_TOPIC_MIN_INSYNC", "1"),
                Map.entry("ATELIER_RETENTION_REQUESTS", "1d"),
                Map.entry("ATELIER_RETENTION_EVENTS", "2d"),
                Map.entry("ATELIER_RETENTION_CONTROL", "3h"),
                Map.entry("ATELIER_RETENTION_AUDIT", "4d"),
                Map.entry("ATELIER_RETENTION_DEAD_LETTERS", "5d"),
                Map.entry("ATELIER_SHARE_LOCK", "20s"),
                Map.entry("ATELIER_PRODUCERS", "studio,shop"),
                Map.entry("ATELIER_SHARE_DELIVERY_LIMIT", "5")))).isEqualTo(new TopicSettings(false, 4, 2, 1, 1,
                        Duration
                                .ofDays(1), Duration.ofDays(2), Duration.ofHours(3), Duration.ofDays(4), Duration
                                        .ofDays(5),
                        Duration.ofSeconds(20), 5, Set.of("shop", "studio")));
    }

    @Test
    void moreCopiesInSyncThanThereAreIsRefused() {
        assertThatThrownBy(() -> settings(Map.of("ATELIER_TOPIC_REPLICATION", "1"))).isInstanceOf(
                InvalidSettingException.class)
                .hasMessageContaining("ATELIER_TOPIC_MIN_INSYNC is 2 and ATELIER_TOPIC_REPLICATION is 1");
    }

    @Test
    void tenantsThatProduceHaveTopicsOfTheirOwn() {
        var settings = settings(Map.of("ATELIER_PRODUCERS", "studio, shop"));
        var layout = Layout.of(settings, Pools.parse("edit=generate"));

        assertThat(settings.requestTopics()).containsExactly("atelier.requests", "atelier.requests.shop",
                "atelier.requests.studio");
        assertThat(layout.topics()).extracting(Layout.Topic::name).contains("atelier.requests.shop",
                "atelier.requests.studio", "atelier.results.shop", "atelier.results.studio");
        assertThat(Topics.tenantOfRequests("atelier.requests.shop")).contains("shop");
        assertThat(Topics.tenantOfRequests("atelier.requests")).isEmpty();
        assertThatThrownBy(() -> settings(Map.of("ATELIER_PRODUCERS", "The Shop"))).isInstanceOf(
                InvalidSettingException.class).hasMessageContaining("The Shop");
    }

    @Test
    void eachPoolHasItsTopicsAndItsGroup() {
        var layout = Layout.of(settings(Map.of()), Pools.parse("edit=generate;train=optimize"));

        assertThat(layout.topics()).extracting(Layout.Topic::name).containsExactly("atelier.requests",
                "atelier.events", "atelier.results", "atelier.control", "atelier.audit", "atelier.ready.edit",
                "dlq.atelier.edit", "atelier.ready.train", "dlq.atelier.train");
        assertThat(layout.topics()).filteredOn(topic -> topic.name().startsWith("atelier.ready.")).extracting(
                Layout.Topic::partitions).as("any idle slot can take any record").containsOnly(1);
        assertThat(layout.groups()).extracting(Layout.Group::name).containsExactly("atelier-edit", "atelier-train");
        assertThat(layout.groups().getFirst().configs()).extracting(wanted -> wanted.key() + "=" + wanted.value())
                .containsExactlyInAnyOrder("share.auto.offset.reset=earliest",
                        "share.record.lock.duration.ms=30000", "share.delivery.count.limit=10",
                        "share.renew.acknowledge.enable=true", "errors.deadletterqueue.topic.name=dlq.atelier.edit",
                        "errors.deadletterqueue.copy.record.enable=true");
    }

    @Test
    void topicsKeepWhatTheyMust() {
        var layout = Layout.of(settings(Map.of()), Pools.parse("edit=generate"));

        assertThat(configs(layout, "atelier.requests")).containsEntry("cleanup.policy", "delete").containsEntry(
                "retention.ms", "1209600000").containsEntry("min.insync.replicas", "2");
        assertThat(configs(layout, "atelier.results")).containsEntry("cleanup.policy", "compact");
        assertThat(configs(layout, "atelier.ready.edit")).containsEntry("retention.ms", "-1").containsEntry(
                "retention.bytes", "-1").containsEntry("cleanup.policy", "delete");
        assertThat(configs(layout, "dlq.atelier.edit")).containsEntry("errors.deadletterqueue.group.enable", "true");
    }

    @Test
    void saysWhatIsWrongAndWhatComesOfIt() {
        var exact = Wanted.exactly("share.auto.offset.reset", "earliest", "jobs would be skipped");
        assertThat(exact.problem("earliest")).isEmpty();
        assertThat(exact.problem("latest")).contains(
                "share.auto.offset.reset is latest, and must be earliest: jobs would be skipped");
        assertThat(exact.problem(null)).isPresent();

        var atLeast = Wanted.atLeast("retention.ms", 1_000, "records would be forgotten");
        assertThat(atLeast.problem("1000")).isEmpty();
        assertThat(atLeast.problem("-1")).isEmpty();
        assertThat(atLeast.problem("999")).contains(
                "retention.ms is 999, and must be at least 1000: records would be forgotten");
    }
}
