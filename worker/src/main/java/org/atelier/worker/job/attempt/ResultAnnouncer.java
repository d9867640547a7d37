package org.atelier.worker.job.attempt;

import java.util.List;
import java.util.concurrent.CompletionException;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message.RunEnded;
import org.atelier.common.event.PublishException;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;

/**
 * Tells the world how a run ended. Whoever finds a manifest does this, not only who wrote it: the event's id is fixed, so
 * that a repeat is recognised.
 */
public final class ResultAnnouncer {
    private final EventPublisher events;

    public ResultAnnouncer(EventPublisher events) {
        this.events = events;
    }

    /**
     * Publishes the end of a run for upstream services and for those who watch, and waits until both are durable.
     *
     * @throws PublishException when that failed; whoever meets the manifest next does it again
     */
    public void announce(Manifest manifest) {
        var message = new RunEnded(manifest);
        var sent = List.of(Topics.RESULTS, Topics.EVENTS).stream()
                .map(topic -> events.publish(topic, message))
                .toList();
        try {
            sent.forEach(done -> done.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof PublishException known
                    ? known
                    : new PublishException(Topics.RESULTS, e.getCause());
        }
    }
}
