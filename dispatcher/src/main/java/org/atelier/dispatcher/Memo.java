package org.atelier.dispatcher;

import java.time.Duration;
import java.util.function.Supplier;

import org.atelier.dispatcher.schedule.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Remembers an answer that costs something for a while. Safe for use by several threads.
 *
 * @param <T> the answer's type
 */
final class Memo<T> implements Supplier<T> {
    private final Supplier<T> source;
    private final Ticker ticker;
    private final Duration validity;
    private @Nullable T answer; // guarded by this, as is at
    private long at;

    Memo(Supplier<T> source, Ticker ticker, Duration validity) {
        this.source = source;
        this.ticker = ticker;
        this.validity = validity;
    }

    @Override
    public synchronized T get() {
        var known = answer;
        if (known == null || ticker.nanos() - at >= validity.toNanos()) {
            known = source.get();
            answer = known;
            at = ticker.nanos();
        }
        return known;
    }
}
