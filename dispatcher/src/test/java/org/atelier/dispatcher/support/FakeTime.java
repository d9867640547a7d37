package org.atelier.dispatcher.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.atelier.dispatcher.schedule.Ticker;

/** Time that stands still until a test moves it: a clock and a ticker that agree. */
public final class FakeTime extends Clock implements Ticker {
    private volatile Instant now = Samples.NOON;

    /** Time passes. */
    public void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long nanos() {
        return Duration.between(Samples.NOON, now).toNanos();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
