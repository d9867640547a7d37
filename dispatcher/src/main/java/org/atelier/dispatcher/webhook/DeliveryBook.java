package org.atelier.dispatcher.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;

/** What is still to be delivered, and how it went. A notice comes in with the transaction that reads its event. */
public interface DeliveryBook {
    /**
     * A notice of which nobody has said yet whom it is for.
     *
     * @param notice without its body
     * @param read   when its event was read
     * @param job    whose it is; empty where the book does not know the job's request
     */
    record Undirected(String id, MessageType type, JobId job, Instant time, Instant read, Optional<Owner> owner) {}

    /**
     * Whose a job is.
     *
     * @param tenant whose
     * @param part   whether it is a part of a composite job
     */
    record Owner(String tenant, boolean part) {}

    /**
     * A notice that a webhook is to be told.
     *
     * @param webhook  whom
     * @param notice   id of the event
     * @param failures attempts that failed
     * @param body     what is sent
     */
    record Delivery(String webhook, String notice, int failures, String body) {
        /** The same for every attempt. */
        Key key() {
            return new Key(webhook, notice);
        }

        record Key(String webhook, String notice) {}
    }

    /**
     * How a webhook is doing.
     *
     * @param pending     deliveries that are not done
     * @param nextAt      when the next of them is due
     * @param deliveredAt last success
     * @param failedAt    last failure
     * @param failure     what it was
     */
    record Standing(
            int pending,
            @Nullable Instant nextAt,
            @Nullable Instant deliveredAt,
            @Nullable Instant failedAt,
            @Nullable String failure) {
        /** One of which nothing is known. */
        public static final Standing NEW = new Standing(0, null, null, null, null);
    }

    /** Notices that are for nobody yet, the first to be read first. */
    List<Undirected> undirected(int limit);

    /** Says whom notices are for: from now on they are due. A notice that is for nobody is forgotten. */
    void direct(Map<String, List<String>> webhooksByNotice, Instant now);

    /** The webhooks to which something is due. */
    List<String> due(Instant now);

    /** What is due to a webhook, the longest due first. */
    List<Delivery> due(String webhook, Instant now, int limit);

    /** A delivery is done. */
    void delivered(Delivery delivery, Instant at);

    /**
     * An attempt failed.
     *
     * @param next when the next is due; empty: there is none
     */
    void failed(Delivery delivery, String failure, Instant at, Optional<Instant> next);

    /**
     * Nothing more is delivered to a webhook.
     *
     * @return how much was still to be
     */
    int drop(String webhook);

    /** How webhooks are doing. Of those that are left out nothing is known. */
    Map<String, Standing> standings(Set<String> webhooks);

    /** How many deliveries are not done. */
    long pending();

    /** Forgets what was done before; until then it is remembered, so that an event that is read again is told once. */
    void forget(Instant before);
}
