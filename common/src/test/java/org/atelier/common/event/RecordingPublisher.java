package org.atelier.common.event;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what is published, for tests. It can be told to fail. */
public class RecordingPublisher implements EventPublisher {
    /** A message and where it went. */
    public record Published(String topic, Message message) {}

    private final List<Published> published = new CopyOnWriteArrayList<>();
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

    @Override
    public CompletableFuture<Void> publish(String topic, Message message) {
        if (down || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            return CompletableFuture.failedFuture(
                    new PublishException(topic, new IllegalStateException("down, as the test wants it")));
        }
        published.add(new Published(topic, message));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}
