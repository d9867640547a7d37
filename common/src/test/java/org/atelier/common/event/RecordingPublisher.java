package org.atelier.common.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** Keeps what is published, for tests. It can be told to fail. */
public class RecordingPublisher implements EventPublisher {
    /** A message, where it went, and the span that it came of. */
    public record Published(String topic, Message message, @Nullable TraceContext trace) {
        /** That came of no span. */
        public Published(String topic, Message message) {
            this(topic, message, null);
        }
    }

    private final List<Published> published = new CopyOnWriteArrayList<>();
    private final List<Map.Entry<String, String>> retracted = new CopyOnWriteArrayList<>();
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean down;

    /** Makes every call fail, or stops that. */
    public void setDown(boolean down) {
        this.down = down;
    }

    /** Makes every call fail after this many further ones. */
    public void setDownAfter(int messages) {
        left.set(messages);
    }

    /** Everything published so far, in order. */
    public List<Published> published() {
        return List.copyOf(published);
    }

    /** The messages of one kind published so far, in order. */
    public <T extends Message> List<T> published(Class<T> kind) {
        return published.stream().map(Published::message).filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The keys that were retracted from a topic so far, in order. */
    public List<String> retracted(String topic) {
        return retracted.stream().filter(key -> key.getKey().equals(topic)).map(Map.Entry::getValue).toList();
    }

    @Override
    public CompletableFuture<Void> publish(String topic, Message message, @Nullable TraceContext trace) {
        return send(topic, () -> published.add(new Published(topic, message, trace)));
    }

    @Override
    public CompletableFuture<Void> retract(String topic, String key) {
        return send(topic, () -> retracted.add(Map.entry(topic, key)));
    }

    private CompletableFuture<Void> send(String topic, Runnable keep) {
        if (down || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            return CompletableFuture.failedFuture(
                    new PublishException(topic, new IllegalStateException("down, as the test wants it")));
        }
        keep.run();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}
