package org.atelier.worker.job.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.atelier.common.event.Message.WorkerAlive;
import org.atelier.common.event.RecordingPublisher;
import org.atelier.worker.job.world.FakeTiming;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final FakeTiming timing = new FakeTiming();
    private final RecordingPublisher events = new RecordingPublisher();
    private int asked;
    private final Presence presence = new Presence(events,
            () -> new WorkerAlive("worker", "host", "edit", ++asked, Set.of(), List.of()), INTERVAL, timing);

    @Test
    void saysItEveryInterval() {
        var start = timing.nanos();
        presence.turn();
        presence.turn();

        assertThat(events.published(WorkerAlive.class)).extracting(WorkerAlive::slots).containsExactly(1, 2);
        assertThat(timing.since(start)).isEqualTo(INTERVAL.multipliedBy(2));
    }

    @Test
    void aChangeIsSaidAtOnce() {
        timing.meanwhile(presence::changed);
        var start = timing.nanos();
        presence.turn();
        presence.turn();

        assertThat(timing.since(start)).isEqualTo(INTERVAL);
        assertThat(events.published()).hasSize(2);
    }

    @Test
    void aStopEndsTheWait() {
        timing.meanwhile(presence::stop);
        var start = timing.nanos();

        assertThat(presence.turn()).isTrue();
        assertThat(presence.turn()).isFalse();
        assertThat(timing.since(start)).isZero();
        assertThat(events.published()).hasSize(1);
    }

    @Test
    void kafkaAwayIsSurvived() {
        assertThat(presence.heard()).isFalse();
        events.setDown(true);
        assertThat(presence.turn()).isTrue();
        assertThat(presence.heard()).isFalse();
        events.setDown(false);
        presence.turn();
        assertThat(presence.heard()).isTrue();

        assertThat(events.published()).hasSize(1);
    }
}
