package org.atelier.dispatcher.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;
import org.atelier.dispatcher.access.Principal;

/**
 * How topics and share groups are made.
 *
 * @param create              whether what is missing is made; otherwise it is only checked
 * @param partitions          of each topic that carries requests, events or results
 * @param readyPartitions     of each ready topic
 * @param replication         copies of each partition
 * @param minInsync           copies that must have a record before it counts as written
 * @param requestRetention    how long requests are kept
 * @param eventRetention      how long states and progress are kept
 * @param controlRetention    how long cancels are kept
 * @param auditRetention      how long the audit is kept
 * @param deadLetterRetention how long unreadable ready records are kept
 * @param shareLock           how long a slot holds a ready record without renewing
 * @param deliveryLimit       deliveries of a ready record before it is given up
 * @param producers           tenants that have topics of their own, for services that write to Kafka themselves
 */
public record TopicSettings(
        boolean create,
        int partitions,
        int readyPartitions,
        int replication,
        int minInsync,
        Duration requestRetention,
        Duration eventRetention,
        Duration controlRetention,
        Duration auditRetention,
        Duration deadLetterRetention,
        Duration shareLock,
        int deliveryLimit,
        Set<String> producers) {
    private static final int MAX_PARTITIONS = 1_000;
    private static final int MAX_REPLICATION = 9;
    private static final int MAX_DELIVERY_LIMIT = 25;

    private static final Parser<Duration> POSITIVE = Parser.DURATION.where(Duration::isPositive, "more than nothing");

    /** Whether to create. */
    public static final Setting<Boolean> CREATE = Setting.of("ATELIER_TOPICS_CREATE", Parser.BOOLEAN, "true",
            "whether missing topics and share groups are made at start; what exists is checked and never changed");
    /** Partitions. */
    public static final Setting<Integer> PARTITIONS = Setting.of("ATELIER_TOPIC_PARTITIONS",
            Parser.between(1, MAX_PARTITIONS), "8",
            "partitions of each new topic that carries requests, events or results; it cannot be changed later");
    /** Partitions of ready topics. */
    public static final Setting<Integer> READY_PARTITIONS = Setting.of("ATELIER_READY_PARTITIONS",
            Parser.between(1, MAX_PARTITIONS), "1",
            "partitions of each new ready topic; with more of them than slots a record waits for the one slot that has its"
                    + " partition, while others are idle");
    /** Replication. */
    public static final Setting<Integer> REPLICATION = Setting.of("ATELIER_TOPIC_REPLICATION",
            Parser.between(1, MAX_REPLICATION), "3",
            "copies of each partition; 1 only where losing a disk may lose jobs");
    /** In-sync replicas. */
    public static final Setting<Integer> MIN_INSYNC = Setting.of("ATELIER_TOPIC_MIN_INSYNC",
            Parser.between(1, MAX_REPLICATION), "2",
            "copies that must have a record before a job counts as accepted");
    /** Requests. */
    public static final Setting<Duration> REQUEST_RETENTION = Setting.of("ATELIER_RETENTION_REQUESTS", POSITIVE, "14d",
            "how long requests are kept; a dispatcher that is away for longer loses them");
    /** Events. */
    public static final Setting<Duration> EVENT_RETENTION = Setting.of("ATELIER_RETENTION_EVENTS", POSITIVE, "7d",
            "how long states and progress of jobs are kept for those who watch them");
    /** Control. */
    public static final Setting<Duration> CONTROL_RETENTION = Setting.of("ATELIER_RETENTION_CONTROL", POSITIVE, "6h",
            "how long the broadcast of a cancel is kept; the cancel itself is in the store");
    /** Audit. */
    public static final Setting<Duration> AUDIT_RETENTION = Setting.of("ATELIER_RETENTION_AUDIT", POSITIVE, "90d",
            "how long it is kept who did what");
    /** Dead letters. */
    public static final Setting<Duration> DEAD_LETTER_RETENTION = Setting.of("ATELIER_RETENTION_DEAD_LETTERS",
            POSITIVE, "90d", "how long ready records are kept that no worker could read");
    /** Lock. */
    public static final Setting<Duration> SHARE_LOCK = Setting.of("ATELIER_SHARE_LOCK", POSITIVE, "30s",
            "how long a slot holds a ready record without renewing; the broker bounds it"
                    + " (group.share.{min,max}.record.lock.duration.ms)");
    /** Delivery limit. */
    public static final Setting<Integer> DELIVERY_LIMIT = Setting.of("ATELIER_SHARE_DELIVERY_LIMIT",
            Parser.between(2, MAX_DELIVERY_LIMIT), "10",
            "deliveries of a ready record before the broker gives it up and the dispatcher feeds it again; the broker"
                    + " bounds it (group.share.max.delivery.count.limit)");
    /** Producers. */
    public static final Setting<Set<String>> PRODUCERS = Setting.of("ATELIER_PRODUCERS", text -> {
        var tenants = new TreeSet<>(Parser.LIST.parse(text));
        tenants.stream().filter(tenant -> !Principal.isTenant(tenant)).findFirst().ifPresent(tenant -> {
            throw new IllegalArgumentException("names " + tenant
                    + "; a tenant's name has up to 63 characters of a-z, 0-9 and -");
        });
        return tenants;
    }, "", "tenants whose services write to Kafka themselves: each has its requests in atelier.requests.TENANT and its results"
            + " in atelier.results.TENANT, so that Kafka's own rules say who may write for whom and read what");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(CREATE, PARTITIONS, READY_PARTITIONS, REPLICATION, MIN_INSYNC,
            REQUEST_RETENTION,
            EVENT_RETENTION, CONTROL_RETENTION, AUDIT_RETENTION, DEAD_LETTER_RETENTION, SHARE_LOCK, DELIVERY_LIMIT,
            PRODUCERS);

    public TopicSettings {
        if (minInsync > replication) {
            throw new InvalidSettingException(List.of(MIN_INSYNC.key() + " is " + minInsync + " and "
                    + REPLICATION.key() + " is " + replication
                    + ": no record could ever be written. Lower the first or raise the second."));
        }
    }

    /** What the dispatcher takes requests from. */
    public List<String> requestTopics() {
        return Layout.requestTopics(this);
    }

    /** Takes these settings out of a process's. */
    public static TopicSettings of(Configuration configuration) {
        return new TopicSettings(configuration.get(CREATE), configuration.get(PARTITIONS), configuration.get(
                READY_PARTITIONS),
                configuration.get(REPLICATION), configuration.get(MIN_INSYNC), configuration.get(REQUEST_RETENTION),
                configuration.get(EVENT_RETENTION), configuration.get(CONTROL_RETENTION),
                configuration.get(AUDIT_RETENTION), configuration.get(DEAD_LETTER_RETENTION),
                configuration.get(SHARE_LOCK), configuration.get(DELIVERY_LIMIT), configuration.get(PRODUCERS));
    }
}
