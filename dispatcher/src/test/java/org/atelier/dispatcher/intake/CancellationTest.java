package org.atelier.dispatcher.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;

import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.event.RecordingPublisher;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Cancel;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.support.FakeTime;
import org.atelier.dispatcher.support.Samples;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private static final RunId RUN = Samples.run("job-1");
    private static final Principal ANN = new Principal("default", "ann");

    private final FakeTime time = new FakeTime();
    private final JobLedger ledger = new JobLedger(new MemoryObjectStore());
    private final RecordingPublisher events = new RecordingPublisher();
    private final Cancellation cancellation = new Cancellation(ledger, events, time);

    @Test
    void theWishIsStoredAndThenTold() {
        assertThat(cancellation.request(ANN, RUN)).isTrue();

        assertThat(ledger.cancel(RUN)).contains(new Cancel(RUN, "ann", time.instant()));
        var message = new Message.CancelRequested(RUN, "ann");
        assertThat(events.published()).containsExactly(new Published(Topics.CONTROL, message), new Published(
                Topics.EVENTS, message));
    }

    @Test
    void aRepeatTellsTheSame() {
        events.setDown(true);
        assertThatThrownBy(() -> cancellation.request(ANN, RUN)).isInstanceOf(PublishException.class);
        events.setDown(false);

        assertThat(cancellation.request(new Principal("default", "bob"), RUN)).isTrue();

        assertThat(events.published(Message.CancelRequested.class)).hasSize(2)
                .allSatisfy(message -> assertThat(message.actor()).isEqualTo("ann"));
    }

    @Test
    void whatHasEndedCannotBeEnded() {
        ledger.commit(manifest(attempt("job-1", 1), Outcome.SUCCEEDED));

        assertThat(cancellation.request(ANN, RUN)).isFalse();
        assertThat(events.published()).isEmpty();
        assertThat(ledger.cancel(RUN)).isEmpty();
    }
}
