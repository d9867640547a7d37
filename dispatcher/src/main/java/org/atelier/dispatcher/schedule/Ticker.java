package org.atelier.dispatcher.schedule;

/**
 * A clock that only moves forward. Waiting is measured by it and never by the time of day, which jumps; and never by the
 * clock of another machine.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some moment of this process. */
    long nanos();
}
