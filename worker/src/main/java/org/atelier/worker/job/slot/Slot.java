package org.atelier.worker.job.slot;

import java.time.Duration;

import org.atelier.common.event.PublishException;
import org.atelier.common.store.StoreException;
import org.atelier.worker.job.attempt.Attempt;
import org.atelier.worker.job.attempt.RunningAttempts;
import org.atelier.worker.job.attempt.Settlement;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place that runs one attempt at a time. It is driven from outside: somebody calls {@link #turn} again and again, always
 * the same one; only {@link #drain} and {@link #condition} may be called by others.
 *
 * <p>It owns a share consumer, and never holds it open without polling it. While an attempt runs, it renews the lock of the
 * record. When a renewal fails, the lock is unknown: the consumer is closed, the attempt goes on as long as its lease does,
 * and a new consumer is opened after it.
 */
public final class Slot {
    /** What a slot is about. */
    public enum Condition {
        /** It has no consumer, because it has not begun or because something is away. */
        CLOSED,
        /** It waits for work. */
        WAITING,
        /** It runs an attempt. */
        BUSY,
        /** It will take no more work. */
        ENDED
    }

    private static final Logger log = LoggerFactory.getLogger(Slot.class);

    /** How long a poll waits, which is how late a drain may be noticed. */
    private static final Duration POLL = Duration.ofMillis(500);
    /** One renewal may be late or slow, and the lock still holds. */
    private static final int RENEWALS_A_LOCK = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    /** How late a slot may notice that the store is back. Asking costs a request and no delivery. */
    private static final Duration GATE_PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final ReadyConsumers consumers;
    private final StoreGate gate;
    private final Admission admission;
    private final AttemptLauncher launcher;
    private final RunningAttempts running;
    private final Timing timing;
    private final Duration longestRenewInterval;
    private final WorkerMetrics metrics;
    private final Flag draining;

    private @Nullable ReadyConsumer consumer;
    private @Nullable Work work;
    private Duration pause = FIRST_PAUSE;
    private boolean storeAway;
    private volatile Condition condition = Condition.CLOSED;

    /** An attempt that runs, and when its record is to be renewed. */
    private static final class Work {
        private final Attempt attempt;
        private final AttemptLauncher.Running execution;
        private final Duration renewInterval;
        private long renewedAt;

        Work(Attempt attempt, AttemptLauncher.Running execution, Duration renewInterval, long renewedAt) {
            this.attempt = attempt;
            this.execution = execution;
            this.renewInterval = renewInterval;
            this.renewedAt = renewedAt;
        }
    }

    /**
     * A slot that has not begun.
     *
     * @param name          for people
     * @param consumers     opens its share consumer
     * @param gate          whether it may take work at all
     * @param admission     what becomes of a record
     * @param launcher      runs its attempts
     * @param running       where its attempts are entered while they run
     * @param longestRenewInterval longest time between two renewals of a lock; a third of the lock if that is less
     */
    public Slot(String name, ReadyConsumers consumers, StoreGate gate, Admission admission, AttemptLauncher launcher,
            RunningAttempts running, Timing timing, Duration longestRenewInterval, WorkerMetrics metrics) {
        this.name = name;
        this.consumers = consumers;
        this.gate = gate;
        this.admission = admission;
        this.launcher = launcher;
        this.running = running;
        this.timing = timing;
        this.longestRenewInterval = longestRenewInterval;
        this.metrics = metrics;
        this.draining = timing.newFlag();
    }

    /**
     * One turn: waits a little for work and decides about it, or looks after the attempt that runs.
     *
     * @return false once it has ended; it is then not to be called again
     */
    public boolean turn() {
        if (work == null && draining.isRaised()) {
            close();
            condition = Condition.ENDED;
            return false;
        }
        if (work == null) {
            take();
        } else {
            tend(work);
        }
        condition = work != null ? Condition.BUSY : consumer != null ? Condition.WAITING : Condition.CLOSED;
        return true;
    }

    /** Takes no more work. The attempt that runs is not touched. */
    public void drain() {
        draining.raise();
    }

    /** What it is about. */
    public Condition condition() {
        return condition;
    }

    private void take() {
        if (consumer == null && !storeAnswers()) {
            draining.await(GATE_PAUSE);
            return;
        }
        try {
            var open = opened();
            var delivery = open.poll(POLL);
            if (delivery.isPresent() && !draining.isRaised()) {
                decide(open, delivery.get(), timing.nanos());
                // Only now, not after an empty poll: a store that answers but takes no claim would burn the deliveries.
                pause = FIRST_PAUSE;
            }
        } catch (StoreException | PublishException | ConsumerFailedException e) {
            log.warn("{}: takes no work for {} ms: {}", name, pause.toMillis(), e.getMessage());
            pause();
        } catch (RuntimeException e) {
            log.error("{}: takes no work for {} ms because of a defect", name, pause.toMillis(), e);
            pause();
        }
    }

    /** A record that is held goes to another slot. */
    private void pause() {
        metrics.consumerFailed();
        close();
        draining.await(pause);
        var longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    /**
     * A slot that cannot reach the store takes no work: it would have to give it back at once, and again, until the record's
     * deliveries are used up.
     */
    private boolean storeAnswers() {
        try {
            gate.check();
            if (storeAway) {
                log.info("{}: the store answers again, and it takes work", name);
            }
            storeAway = false;
        } catch (StoreException e) {
            if (!storeAway) {
                log.warn("{}: takes no work until the store answers: {}", name, e.getMessage());
            }
            storeAway = true;
        }
        return !storeAway;
    }

    private ReadyConsumer opened() {
        if (consumer == null) {
            consumer = consumers.open();
        }
        return consumer;
    }

    private void decide(ReadyConsumer open, Delivery delivery, long deliveredAt) {
        var verdict = admission.decide(delivery.content(), name);
        metrics.delivered(verdict.word());
        switch (verdict) {
            case Verdict.Reject reject -> {
                log.warn("{}: {} goes to the dead letters: {}", name, delivery.place(), reject.reason());
                closeUnless(open.reject());
            }
            case Verdict.Leave leave -> {
                log.info("{}: {} is left: {}", name, delivery.place(), leave.reason());
                closeUnless(open.accept());
            }
            case Verdict.Run run -> {
                running.add(run.attempt().lifeline());
                work = new Work(run.attempt(), launcher.launch(run.attempt()), renewInterval(delivery.lock()),
                        deliveredAt);
            }
        }
    }

    private Duration renewInterval(Duration lock) {
        var third = lock.dividedBy(RENEWALS_A_LOCK);
        return third.compareTo(longestRenewInterval) < 0 ? third : longestRenewInterval;
    }

    private void tend(Work current) {
        var untilRenewal = current.renewInterval.minus(timing.since(current.renewedAt));
        if (current.execution.await(untilRenewal)) {
            work = null;
            running.remove(current.attempt.lifeline());
            settle(current.execution.settlement());
        } else {
            renew(current);
        }
    }

    private void renew(Work current) {
        current.renewedAt = timing.nanos();
        if (consumer == null || held(consumer)) {
            return;
        }
        metrics.lockLost();
        log.warn(
                "{}: the lock of {} is unknown; the attempt goes on under its lease, and another slot that receives the"
                        + " record will find the claim", name, current.attempt.id());
        close();
    }

    private boolean held(ReadyConsumer open) {
        try {
            return open.renew();
        } catch (ConsumerFailedException e) {
            log.warn("{}: {}", name, e.getMessage(), e);
            return false;
        }
    }

    private void settle(Settlement settlement) {
        var open = consumer;
        if (open == null) {
            return;
        }
        switch (settlement) {
            case TOLD -> closeUnless(accepted(open));
            // Closing gives the record back, so that somebody tells what could not be told.
            case UNTOLD -> close();
        }
    }

    private boolean accepted(ReadyConsumer open) {
        try {
            return open.accept();
        } catch (ConsumerFailedException e) {
            log.warn("{}: the record may come again, and will be found to be done: {}", name, e.getMessage());
            return false;
        }
    }

    private void closeUnless(boolean well) {
        if (!well) {
            log.info("{}: an acknowledgement was not taken; the record may come again, and will be found to be done",
                    name);
            close();
        }
    }

    private void close() {
        var open = consumer;
        consumer = null;
        if (open != null) {
            open.close();
        }
    }
}
