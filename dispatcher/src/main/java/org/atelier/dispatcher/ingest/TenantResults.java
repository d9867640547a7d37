package org.atelier.dispatcher.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;

/**
 * Tells tenants that have topics of their own how their runs ended, in theirs: what all results stand in, they may not read. The
 * copies are durable before the position moves on, so that none is missed; after a death, and when the projection is built anew,
 * they come again under the same ids.
 */
public final class TenantResults implements BatchHandler {
    private final Set<String> tenants;
    private final EventPublisher events;
    private final BatchHandler next;

    /**
     * @param tenants that have topics of their own
     * @param next    takes the batch when the copies are written
     */
    public TenantResults(Set<String> tenants, EventPublisher events, BatchHandler next) {
        this.tenants = Set.copyOf(tenants);
        this.events = events;
        this.next = next;
    }

    @Override
    public void handle(List<Received> batch) {
        var copies = new ArrayList<CompletableFuture<Void>>();
        for (var record : batch) {
            if (!record.topic().equals(Topics.RESULTS)) {
                continue;
            }
            if (record.content() instanceof Decoded.Understood understood && understood.event()
                    .message() instanceof Message.RunEnded ended && tenants.contains(ended.manifest().tenant())) {
                copies.add(events.publish(Topics.results(ended.manifest().tenant()), ended));
            } else if (record.content() instanceof Decoded.Retracted retracted) {
                // Whose it was is forgotten with it.
                tenants.forEach(tenant -> copies.add(events.retract(Topics.results(tenant), retracted.key())));
            }
        }
        CompletableFuture.allOf(copies.toArray(CompletableFuture[]::new)).join();
        next.handle(batch);
    }
}
