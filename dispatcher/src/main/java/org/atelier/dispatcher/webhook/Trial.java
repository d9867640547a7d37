package org.atelier.dispatcher.webhook;

import java.net.URI;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/** Sends a test event to a webhook at once, whether it is disabled or not, and says what came of it. */
public final class Trial {
    private static final int AT_ONCE = 8;

    private final Courier courier;
    private final URI source;
    private final Clock clock;
    private final Semaphore room = new Semaphore(AT_ONCE);

    /**
     * What came of a test.
     *
     * @param event   id of the event
     * @param outcome what came of it
     */
    public record Report(String event, Courier.Outcome outcome) {}

    /** @param source of the events */
    public Trial(Courier courier, URI source, Clock clock) {
        this.courier = courier;
        this.source = source;
        this.clock = clock;
    }

    /** Sends, and waits for the answer. */
    public Report run(Webhook webhook) throws InterruptedException {
        room.acquire();
        try {
            var test = Notice.Test.of(webhook, source, clock.instant());
            return new Report(test.id(), courier.send(webhook, test.id(), test.body(), null));
        } finally {
            room.release();
        }
    }
}
