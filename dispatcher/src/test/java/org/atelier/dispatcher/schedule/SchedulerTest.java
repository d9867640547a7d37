package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.store.StoreException;
import org.atelier.dispatcher.metrics.Metrics;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private final Metrics metrics = new Metrics(new SimpleMeterRegistry());

    @Test
    void aPartThatFailsStopsNoOtherAndIsTriedAgain() {
        var done = new ArrayList<String>();
        var scheduler = new Scheduler(List.of(
                new Scheduler.Part("ask the store", () -> {
                    done.add("first");
                    throw new StoreException("The store is away.", null);
                }),
                new Scheduler.Part("be right", () -> {
                    done.add("second");
                    throw new IllegalStateException("a defect, as the test wants it");
                }),
                new Scheduler.Part("feed", () -> done.add("third"))), metrics);

        scheduler.step();
        scheduler.step();

        assertThat(done).containsExactly("first", "second", "third", "first", "second", "third");
    }

    @Test
    void theThreadMakesARoundWhenTheBellRings() {
        var rounds = new AtomicInteger();
        var bell = new Bell();
        var mayDecide = new AtomicBoolean();
        var thread = new SchedulerThread("rounds", new Scheduler(List.of(new Scheduler.Part("count",
                rounds::incrementAndGet)), metrics), bell, SchedulerThread.Pace.QUICK, mayDecide::get);
        try (thread) {
            thread.start();
            bell.ring();
            mayDecide.set(true);
            await().until(() -> rounds.get() > 0);
            int before = rounds.get();
            bell.ring();
            await().until(() -> rounds.get() > before);
            assertThat(thread.isAlive()).isTrue();
        }
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void aRoundThatIsTooLongToWaitForIsInterrupted() {
        var begun = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        Runnable endless = () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                Thread.currentThread().interrupt();
            }
        };
        var pace = new SchedulerThread.Pace(Duration.ofSeconds(1), Duration.ofMillis(10));
        var thread = new SchedulerThread("rounds", new Scheduler(List.of(new Scheduler.Part("endless", endless)),
                metrics), new Bell(), pace, () -> true);
        thread.start();
        await().until(() -> begun.getCount() == 0);

        thread.close();

        assertThat(interrupted).isTrue();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void aRingIsNotLostWhenNobodyWaits() throws InterruptedException {
        var bell = new Bell();
        bell.ring();
        bell.ring();

        assertThat(bell.await(Duration.ZERO)).isTrue();
        assertThat(bell.await(Duration.ZERO)).isFalse();
    }
}
