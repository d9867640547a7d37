package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.worker;

import java.time.Duration;

import org.atelier.common.event.Message;
import org.atelier.dispatcher.support.FakeTime;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private final FakeTime time = new FakeTime();
    private final Workers workers = new Workers(time, Duration.ofSeconds(15));

    @Test
    void countsTheSlotsOfThoseWhoAreAlive() {
        workers.alive(worker("worker-1"));
        workers.alive(worker("worker-2"));
        assertThat(workers.slots("edit")).isEqualTo(2);
        assertThat(workers.slots("train")).isZero();

        workers.left("worker-2");
        assertThat(workers.slots("edit")).isEqualTo(1);

        time.pass(Duration.ofSeconds(15));
        assertThat(workers.all()).extracting(Message.WorkerAlive::worker).containsExactly("worker-1");
        time.pass(Duration.ofMillis(1));
        assertThat(workers.all()).isEmpty();
    }

    @Test
    void tellsWhetherMoreCanBeRunThanBefore() {
        var one = worker("worker-1");
        assertThat(workers.alive(one)).isTrue();
        assertThat(workers.alive(worker("worker-1", attempt("job-1", 1)))).as("busy now").isFalse();

        var larger = new Message.WorkerAlive(one.worker(), one.host(), one.pool(), one.slots() + 1, one.types(), one
                .running(), one.memoryBytes());
        assertThat(workers.alive(larger)).isTrue();
        workers.left("worker-1");
        assertThat(workers.alive(larger)).as("came back").isTrue();
    }

    @Test
    void measuresHowLongASlotIsIdle() {
        assertThat(workers.idle("edit")).isZero();
        workers.alive(worker("worker-1"));
        time.pass(Duration.ofSeconds(4));
        workers.alive(worker("worker-1"));
        time.pass(Duration.ofSeconds(4));
        assertThat(workers.idle("edit")).isEqualTo(Duration.ofSeconds(8));

        workers.alive(worker("worker-1", attempt("job-1", 1)));
        assertThat(workers.idle("edit")).isZero();

        workers.alive(worker("worker-1"));
        assertThat(workers.idle("edit")).isZero();
        time.pass(Duration.ofSeconds(1));
        assertThat(workers.idle("edit")).isEqualTo(Duration.ofSeconds(1));
    }
}
