package org.atelier.worker.job.slot;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

import org.atelier.common.log.LogContext;
import org.atelier.worker.job.attempt.Attempt;
import org.atelier.worker.job.attempt.Settlement;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the attempts of one slot on two threads that live as long as the slot: one computes, one beats the heart. The
 * computing thread stays the same, because the engine keeps a pool of helpers for every thread that ever called it.
 */
public final class ThreadLauncher implements AttemptLauncher, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ThreadLauncher.class);

    private final ExecutorService job;
    private final ExecutorService heart;
    private final Duration heartbeatInterval;
    private final Timing timing;

    /** @param slot its name, which the names of its threads start with */
    public ThreadLauncher(String slot, Duration heartbeatInterval, Timing timing) {
        this(Executors.newSingleThreadExecutor(named(slot + "-job")), Executors.newSingleThreadExecutor(named(slot
                + "-heart")), heartbeatInterval, timing);
    }

    /**
     * With threads of somebody's own, one each: a simulation decides who runs when.
     *
     * @param job   computes
     * @param heart beats
     */
    public ThreadLauncher(ExecutorService job, ExecutorService heart, Duration heartbeatInterval, Timing timing) {
        this.job = job;
        this.heart = heart;
        this.heartbeatInterval = heartbeatInterval;
        this.timing = timing;
    }

    /** A job that does not notice that it must stop shall not keep the process from leaving. */
    private static ThreadFactory named(String name) {
        return task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Running launch(Attempt attempt) {
        var execution = new Execution(timing.newFlag());
        heart.execute(() -> beat(attempt, execution.ended));
        job.execute(() -> execution.run(attempt));
        return execution;
    }

    /** At a fixed rate: what a slow store takes is not added to the interval. */
    private void beat(Attempt attempt, Flag ended) {
        LogContext.run(attempt.id(), () -> {
            long next = timing.nanos();
            do {
                attempt.heart().beat();
                next = Math.max(next + heartbeatInterval.toNanos(), timing.nanos());
            } while (!ended.await(Duration.ofNanos(next - timing.nanos())));
        });
    }

    /** Lets the threads end once what they do now is done. */
    @Override
    public void close() {
        job.shutdown();
        heart.shutdown();
    }

    private static final class Execution implements Running {
        private final Flag ended;
        /** What it is if the end itself fails; written before the flag is raised. */
        private Settlement settlement = Settlement.UNTOLD;

        Execution(Flag ended) {
            this.ended = ended;
        }

        void run(Attempt attempt) {
            try {
                settlement = attempt.execute();
            } catch (RuntimeException | Error e) {
                log.error("{}: could not even be ended; the dispatcher finds out by the silence of its lease", attempt
                        .id(), e);
            } finally {
                ended.raise();
            }
        }

        @Override
        public boolean await(Duration atMost) {
            return ended.await(atMost);
        }

        @Override
        public Settlement settlement() {
            return settlement;
        }
    }
}
