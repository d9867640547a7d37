package org.atelier.dispatcher.access;

import java.util.Map;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.kafka.Topics;

/**
 * Writes down who does what. It is written before it is done: where it cannot be written it is not done.
 */
public final class Audit {
    private final EventPublisher events;

    public Audit(EventPublisher events) {
        this.events = events;
    }

    /**
     * Somebody is about to do something.
     *
     * @param action  for example {@code token.create}
     * @param target  to what
     * @param details further words; nothing secret
     * @throws org.atelier.common.event.PublishException if it cannot be written
     */
    public void record(Principal who, String action, String target, Map<String, String> details) {
        events.publishAndWait(Topics.AUDIT, new Message.ActionAudited(who.actor(), who.tenant(), action, target,
                details));
    }
}
