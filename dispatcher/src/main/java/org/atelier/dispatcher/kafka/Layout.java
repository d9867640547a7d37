package org.atelier.dispatcher.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.schedule.Pools;

/**
 * The topics and share groups of an installation, and what they must be like.
 *
 * @param topics what must be there
 * @param groups one for each pool
 */
record Layout(List<Topic> topics, List<Group> groups) {
    private static final String CLEANUP = "cleanup.policy";
    private static final String RETENTION = "retention.ms";

    /**
     * A topic.
     *
     * @param name       its name
     * @param partitions of a new one
     * @param configs    what it must have
     */
    record Topic(String name, int partitions, List<Wanted> configs) {}

    /**
     * A share group.
     *
     * @param name       its name
     * @param readyTopic what its members consume
     * @param configs    what it must have
     */
    record Group(String name, String readyTopic, List<Wanted> configs) {}

    static Layout of(TopicSettings settings, Pools pools) {
        var durable = Wanted.atLeast("min.insync.replicas", settings.minInsync(),
                "a job could be lost that was told to be accepted");
        var topics = new ArrayList<Topic>();
        requestTopics(settings).forEach(topic -> topics.add(new Topic(topic, settings.partitions(), List.of(durable,
                kept(
                        settings.requestRetention()), deleted()))));
        topics.add(new Topic(Topics.EVENTS, settings.partitions(), List.of(durable, kept(settings.eventRetention()),
                deleted())));
        Stream.concat(Stream.of(Topics.RESULTS), settings.producers().stream().map(Topics::results)).forEach(
                topic -> topics
                        .add(new Topic(topic, settings.partitions(), List.of(durable, Wanted.exactly(CLEANUP, "compact",
                                "results would be forgotten")))));
        topics.add(new Topic(Topics.CONTROL, 1, List.of(durable, kept(settings.controlRetention()), deleted())));
        topics.add(new Topic(Topics.AUDIT, 1, List.of(durable, kept(settings.auditRetention()), deleted())));
        var groups = new ArrayList<Group>();
        for (var pool : pools.names()) {
            topics.add(new Topic(Topics.ready(pool), settings.readyPartitions(), List.of(durable, deleted(),
                    Wanted.exactly(RETENTION, -1, "records under a held lock would be dropped without a word"),
                    Wanted.exactly("retention.bytes", -1,
                            "records under a held lock would be dropped without a word"))));
            topics.add(new Topic(Topics.deadLetters(pool), 1, List.of(durable, deleted(),
                    kept(settings.deadLetterRetention()),
                    Wanted.exactly("errors.deadletterqueue.group.enable", true,
                            "records that are given up would be lost without a word"))));
            groups.add(group(settings, pool));
        }
        return new Layout(List.copyOf(topics), List.copyOf(groups));
    }

    /** What the dispatcher takes requests from. */
    static List<String> requestTopics(TopicSettings settings) {
        return Stream.concat(Stream.of(Topics.REQUESTS), settings.producers().stream().map(Topics::requests)).toList();
    }

    private static Group group(TopicSettings settings, String pool) {
        return new Group(Topics.shareGroup(pool), Topics.ready(pool), List.of(
                Wanted.exactly("share.auto.offset.reset", "earliest",
                        "jobs fed before the first worker comes would be skipped"),
                Wanted.exactly("share.record.lock.duration.ms", settings.shareLock().toMillis(),
                        "a frozen worker's record would come back at another time than " + TopicSettings.SHARE_LOCK
                                .key() + " says"),
                Wanted.exactly("share.delivery.count.limit", settings.deliveryLimit(),
                        "records would be given up after another number of deliveries than "
                                + TopicSettings.DELIVERY_LIMIT.key() + " says"),
                Wanted.exactly("share.renew.acknowledge.enable", true,
                        "a slot could not hold its record for as long as a job takes"),
                Wanted.exactly("errors.deadletterqueue.topic.name", Topics.deadLetters(pool),
                        "records that are given up would leave no trace"),
                Wanted.exactly("errors.deadletterqueue.copy.record.enable", true,
                        "of records that are given up only the headers would be kept")));
    }

    private static Wanted kept(Duration retention) {
        return Wanted.atLeast(RETENTION, retention.toMillis(), "records would be forgotten before their time");
    }

    private static Wanted deleted() {
        return Wanted.exactly(CLEANUP, "delete", "only the last record of each job would be kept");
    }
}
