package org.atelier.dispatcher.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

/** Asks for a document again and again until it says that it is done, or for long enough. */
final class Awaited {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private Awaited() {}

    /** Asks for a document. */
    interface Question {
        JsonNode ask() throws InterruptedException;
    }

    /** The document as it is done, or as it is after so long. */
    static JsonNode done(Question question, Duration patience) throws InterruptedException {
        var never = new CountDownLatch(1);
        long since = System.nanoTime();
        var document = question.ask();
        while (!document.path("done").asBoolean() && System.nanoTime() - since < patience.toNanos()) {
            never.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            document = question.ask();
        }
        return document;
    }
}
