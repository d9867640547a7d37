package org.atelier.common.kafka;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A client of Kafka that is made anew after Kafka has refused it: some never recover from that by themselves, and a new one reads its
 * passwords and certificates anew. Safe for use by several threads.
 *
 * @param <C> the client
 */
public final class Renewable<C> implements AutoCloseable {
    /** Between two; what is refused may be asked for often. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<C> maker;
    private final Consumer<C> closer;
    private final LongSupplier nanos;
    private C current;
    private long madeAt;
    private boolean closed;

    /**
     * Makes the first.
     *
     * @param nanos time in nanoseconds that never goes back
     */
    public Renewable(Supplier<C> maker, Consumer<C> closer, LongSupplier nanos) {
        this.maker = maker;
        this.closer = closer;
        this.nanos = nanos;
        this.current = maker.get();
        this.madeAt = nanos.getAsLong();
    }

    /** The one to use now. */
    public synchronized C get() {
        return current;
    }

    /** Makes another, if this failure is one that a client may not recover from. What is under way with the old one may end. */
    public synchronized void failed(C client, Throwable failure) {
        if (closed || client != current || !Refusals.needsNewClient(failure) || nanos.getAsLong() - madeAt < PAUSE
                .toNanos()) {
            return;
        }
        current = maker.get();
        madeAt = nanos.getAsLong();
        // The caller may be a thread of the old one.
        Thread.ofVirtual().name("close-refused-client").start(() -> closer.accept(client));
    }

    @Override
    public synchronized void close() {
        closed = true;
        closer.accept(current);
    }
}
