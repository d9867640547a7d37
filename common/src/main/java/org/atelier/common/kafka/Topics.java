package org.atelier.common.kafka;

import java.util.List;
import java.util.Optional;

/** The names of topics and share groups. */
public final class Topics {
    /** Intake, by the dispatcher's API or by any producer. Key: job id. */
    public static final String REQUESTS = "atelier.requests";
    /** States, progress, previews; workers' signs of life. Key: job id, or worker. */
    public static final String EVENTS = "atelier.events";
    /** One terminal event a run. Key: job id. */
    public static final String RESULTS = "atelier.results";
    /** Cancel, drain: read by every worker. */
    public static final String CONTROL = "atelier.control";
    /** Who replayed, cancelled, erased, changed a quota. Key: actor. */
    public static final String AUDIT = "atelier.audit";
    /** The topics that are there whatever the pools are. */
    public static final List<String> FIXED = List.of(REQUESTS, EVENTS, RESULTS, CONTROL, AUDIT);

    private static final String READY = "atelier.ready.";
    private static final String DEAD_LETTERS = "dlq.atelier.";
    private static final String GROUP = "atelier-";

    private Topics() {}

    /** Intake of a tenant whose services write to Kafka themselves: whose a record is, the topic says. Key: job id. */
    public static String requests(String tenant) {
        return REQUESTS + "." + tenant;
    }

    /** Ends of the runs of such a tenant's jobs, and what of its requests was refused. Key: job id. */
    public static String results(String tenant) {
        return RESULTS + "." + tenant;
    }

    /** The tenant that an intake topic belongs to; empty: it is the one of all who are trusted. */
    public static Optional<String> tenantOfRequests(String topic) {
        return topic.startsWith(REQUESTS + ".")
                ? Optional.of(topic.substring(REQUESTS.length() + 1))
                : Optional.empty();
    }

    /** Ready work of a pool: shallow, consumed by its share group. Key: job id. */
    public static String ready(String pool) {
        return READY + pool;
    }

    /** Records of a pool that could not be read, or were delivered too often. */
    public static String deadLetters(String pool) {
        return DEAD_LETTERS + pool;
    }

    /** The share group of a pool's slots. */
    public static String shareGroup(String pool) {
        return GROUP + pool;
    }
}
