package org.atelier.chaos.worker;

import java.util.concurrent.CompletableFuture;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** Events without the progress that is a sign of life too. */
record SilentPublisher(EventPublisher events) implements EventPublisher {
    @Override
    public CompletableFuture<Void> publish(String topic, Message message, @Nullable TraceContext trace) {
        return message instanceof Message.AttemptProgressed
                ? CompletableFuture.completedFuture(null)
                : events.publish(topic, message, trace);
    }

    @Override
    public CompletableFuture<Void> retract(String topic, String key) {
        return events.retract(topic, key);
    }

    @Override
    public void close() {
        events.close();
    }
}
