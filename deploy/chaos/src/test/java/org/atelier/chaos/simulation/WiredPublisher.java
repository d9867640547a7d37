package org.atelier.chaos.simulation;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.event.Event;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.kafka.Topics;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** The brokers as one producer sees them. */
final class WiredPublisher implements EventPublisher {
    private final Wire wire;
    private final Brokers brokers;
    private final Simulation simulation;
    private final Faults faults;
    private final History history;
    private final Host late;

    /** @param late keeps records that arrive late */
    WiredPublisher(Wire wire, Brokers brokers, Simulation simulation, Faults faults, History history, Host late) {
        this.wire = wire;
        this.brokers = brokers;
        this.simulation = simulation;
        this.faults = faults;
        this.history = history;
        this.late = late;
    }

    @Override
    public CompletableFuture<Void> publish(String topic, Message message, @Nullable TraceContext trace) {
        var event = Event.of(message, URI.create("/simulated/" + wire.host()), wire.host().clock().instant(), trace);
        try {
            return wire.kafka(() -> {
                write(topic, event);
                return CompletableFuture.<Void>completedFuture(null);
            }, problem -> new PublishException(topic, new IllegalStateException(problem)));
        } catch (PublishException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void write(String topic, Event event) {
        boolean casual = event.message() instanceof Message.AttemptStarted
                || event.message() instanceof Message.AttemptProgressed
                || event.message() instanceof Message.WorkerAlive;
        if (casual && faults.strikes(FaultKind.LOST_EVENT)) {
            return;
        }
        if (topic.equals(Topics.EVENTS) && faults.strikes(FaultKind.LATE_EVENT)) {
            late.spawn(() -> {
                simulation.pause(simulation.between(Duration.ZERO, Duration.ofSeconds(5)));
                brokers.of(topic).append(event);
            });
            return;
        }
        brokers.of(topic).append(event);
        if (topic.equals(Topics.RESULTS) && event.message() instanceof Message.RunEnded ended) {
            var manifest = ended.manifest();
            history.add(new Fact.ResultPublished(simulation.instant(), manifest.run(), manifest.outcome(), manifest
                    .token()));
        }
    }

    @Override
    public CompletableFuture<Void> retract(String topic, String key) {
        throw new UnsupportedOperationException("nothing is erased in a simulation");
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
