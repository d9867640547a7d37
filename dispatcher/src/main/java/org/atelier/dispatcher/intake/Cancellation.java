package org.atelier.dispatcher.intake;

import java.time.Clock;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Cancel;
import org.atelier.common.ledger.JobLedger;
import org.atelier.dispatcher.access.Principal;

/**
 * Asks for the end of runs. The wish is stored first, so that it is found by whoever holds the run, also later; then the
 * workers are told. May be repeated: it comes to the same end.
 */
public final class Cancellation {
    private final JobLedger ledger;
    private final EventPublisher events;
    private final Clock clock;

    public Cancellation(JobLedger ledger, EventPublisher events, Clock clock) {
        this.ledger = ledger;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Asks for the end of a run.
     *
     * @return whether there was anything to end: false where the run had ended already
     */
    public boolean request(Principal who, RunId run) {
        if (ledger.manifest(run).isPresent()) {
            return false;
        }
        var cancel = ledger.cancel(new Cancel(run, who.actor(), clock.instant())).document();
        var message = new Message.CancelRequested(run, cancel.actor());
        events.publishAndWait(Topics.CONTROL, message);
        events.publishAndWait(Topics.EVENTS, message);
        return true;
    }
}
