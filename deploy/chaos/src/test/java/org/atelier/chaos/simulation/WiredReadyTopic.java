package org.atelier.chaos.simulation;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.ReadyTopic;
import org.atelier.worker.job.world.FakeShareGroup;
import org.jspecify.annotations.Nullable;

/** The ready topic of the only pool, as one dispatcher sees it. */
final class WiredReadyTopic implements ReadyTopic {
    private final Wire wire;
    private final FakeShareGroup group;

    WiredReadyTopic(Wire wire, FakeShareGroup group) {
        this.wire = wire;
        this.group = group;
    }

    @Override
    public CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready,
            @Nullable TraceContext trace) {
        var event = Event.of(ready, URI.create("/simulated/" + wire.host()), wire.host().clock().instant(), trace);
        try {
            return wire.kafka(() -> {
                group.append(new Decoded.Understood(event));
                return CompletableFuture.completedFuture(new ReadyRecord(0, group.size() - 1L));
            }, problem -> new PublishException(pool, new IllegalStateException(problem)));
        } catch (PublishException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Map<Integer, Long> doneBefore(String pool) {
        return wire.kafka(() -> Map.of(0, (long) group.startOffset()), problem -> new UnavailableException(
                Outage.KAFKA, problem, new IllegalStateException(problem)));
    }

    @Override
    public void trim(String pool) {
        // What is done is passed over either way.
    }
}
