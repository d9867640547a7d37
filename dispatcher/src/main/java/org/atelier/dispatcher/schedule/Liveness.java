package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.atelier.common.job.AttemptId;

/**
 * When the sequence of each attempt moved last, by this process's own monotonic clock: the only way to tell that somebody
 * on another machine has gone silent.
 */
final class Liveness {
    private final Ticker ticker;
    private final Duration silence;
    private final Map<AttemptId, Sign> signs = new HashMap<>();

    private record Sign(long sequence, long at) {}

    /** @param silence after which an attempt counts as silent */
    Liveness(Ticker ticker, Duration silence) {
        this.ticker = ticker;
        this.silence = silence;
    }

    /**
     * Takes note of a sequence.
     *
     * @return whether it has moved, or was never seen before
     */
    boolean moved(AttemptId attempt, long sequence) {
        var before = signs.get(attempt);
        if (before != null && sequence <= before.sequence) {
            return false;
        }
        signs.put(attempt, new Sign(sequence, ticker.nanos()));
        return true;
    }

    /** Whether the sequence of an attempt has stood still for too long. */
    boolean silent(AttemptId attempt) {
        var sign = signs.get(attempt);
        return sign != null && ticker.nanos() - sign.at >= silence.toNanos();
    }

    /** Gives every attempt the full time again: we could not have heard it. */
    void restart() {
        long now = ticker.nanos();
        signs.replaceAll((attempt, sign) -> new Sign(sign.sequence, now));
    }

    /** Forgets all other attempts. */
    void retain(Set<AttemptId> attempts) {
        signs.keySet().retainAll(attempts);
    }
}
