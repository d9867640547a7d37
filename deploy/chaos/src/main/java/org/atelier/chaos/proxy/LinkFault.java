package org.atelier.chaos.proxy;

import java.time.Duration;
import java.util.List;

/** What is wrong with a link. */
public sealed interface LinkFault {
    /** Whether bytes still travel as they are, so that connections survive its coming and going. */
    default boolean keepsConnections() {
        return true;
    }

    /** Nothing. */
    record None() implements LinkFault {}

    /** Open connections end with RST, and so does each new one. */
    record Reset() implements LinkFault {
        @Override
        public boolean keepsConnections() {
            return false;
        }
    }

    /**
     * Nothing arrives, and nobody is told: new connections are accepted, and are as silent as the others. As with TCP, what was
     * sent arrives after the fault is gone, if somebody still waits for it.
     */
    record BlackHole() implements LinkFault {}

    /**
     * Bytes travel in one direction only.
     *
     * @param lost the direction that is gone
     */
    record OneWay(Direction lost) implements LinkFault {}

    /**
     * Everything is late.
     *
     * @param delay  by how much at least
     * @param jitter by how much more at most, drawn for each piece
     */
    record Late(Duration delay, Duration jitter) implements LinkFault {}

    /**
     * Everything trickles.
     *
     * @param bytesPerSecond in each direction of each connection
     */
    record Slow(int bytesPerSecond) implements LinkFault {
        public Slow {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("bytes per second must be 1 or more: " + bytesPerSecond);
            }
        }
    }

    /**
     * Of HTTP requests, some go wrong; the others pass.
     *
     * @param rate  from 0 to 1: how many
     * @param kinds how; drawn for each
     */
    record BadHttp(double rate, List<HttpFault> kinds) implements LinkFault {
        public BadHttp {
            kinds = List.copyOf(kinds);
            if (!(rate >= 0 && rate <= 1) || kinds.isEmpty()) {
                throw new IllegalArgumentException("a rate from 0 to 1, and at least one kind: " + rate + ", " + kinds);
            }
        }

        @Override
        public boolean keepsConnections() {
            return false;
        }
    }

    /** How an HTTP request goes wrong. */
    enum HttpFault {
        /** It is not passed on, and answered with status 500. */
        ERROR,
        /** It is done, and its answer breaks off in the middle. */
        TRUNCATED,
        /** It is done, and its answer stops after the headers, and the connection stays. */
        STALLED
    }

    /** Of bytes on a link. */
    enum Direction {
        /** Requests. */
        TO_SERVER,
        /** Answers. */
        TO_CLIENT
    }
}
