package org.atelier.dispatcher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;

import org.atelier.common.event.PublishException;
import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.StoreException;
import org.junit.jupiter.api.Test;

class OutageTest {
    private static final Exception CAUSE = new IllegalStateException("gone");

    @Test
    void knowsWhatIsAway() {
        assertThat(Outage.of(new StoreException("The store is away.", CAUSE))).contains(Outage.STORE);
        assertThat(Outage.of(new PublishException("atelier.events", CAUSE))).contains(Outage.KAFKA);
        assertThat(Outage.of(new UnavailableException(Outage.DATABASE, "away", CAUSE))).contains(Outage.DATABASE);
        assertThat(Outage.of(new CompletionException(new CompletionException(new PublishException("t", CAUSE)))))
                .contains(Outage.KAFKA);
    }

    @Test
    void everythingElseIsNoOutage() {
        assertThat(Outage.of(CAUSE)).isEmpty();
        assertThat(Outage.of(new NoSuchObjectException("jobs/x"))).isEmpty();
        assertThat(Outage.of(new CompletionException(CAUSE))).isEmpty();
    }
}
