package org.atelier.chaos.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.atelier.worker.job.time.Flag;
import org.jspecify.annotations.Nullable;

/**
 * Time, and who runs when. Every thread of every process is a fiber: a virtual thread that runs until it waits for
 * something, and then hands over to the one that is due next. One runs at a time, and time passes only while all wait; so a
 * seed decides everything.
 */
final class Simulation {
    /** What simulated clocks show in the beginning. */
    static final Instant START = Instant.parse("2026-03-04T12:00:00Z");

    private final Random random;
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
    private final List<Fiber> fibers = new ArrayList<>();
    private long now;
    private long order;
    private @Nullable Fiber current;
    private boolean ending;
    private @Nullable Throwable defect;

    /** A moment at which a fiber goes on, if it still waits for that. */
    private record Wake(long at, long order, Fiber fiber, long number) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final class Fiber {
        private final Host host;
        private final Thread thread;
        /** The number of its wait: a wake for an earlier one comes too late. */
        private long wait;
        private volatile boolean turn;

        Fiber(Host host, Thread thread) {
            this.host = host;
            this.thread = thread;
        }
    }

    Simulation(long seed) {
        // The first numbers of Random are nearly the same for neighbouring seeds.
        this.random = new Random(new SplittableRandom(seed).nextLong());
    }

    /**
     * Runs a simulation to its end.
     *
     * @param host what its first fiber belongs to; it must not die
     */
    void run(Host host, Runnable body) throws InterruptedException {
        var first = Thread.ofVirtual().name("simulation").unstarted(() -> {
            try {
                body.run();
                end();
            } catch (Throwable e) {
                defect = e;
                end();
            }
        });
        var fiber = new Fiber(host, first);
        fibers.add(fiber);
        current = fiber;
        first.start();
        first.join();
        if (defect != null) {
            throw new AssertionError("the simulation itself failed", defect);
        }
    }

    /** Whatever still runs is stopped; in the end only the first fiber is left. */
    private void end() {
        ending = true;
        var first = current;
        fibers.stream().filter(fiber -> fiber != first).forEach(fiber -> wake(fiber, now));
        while (fibers.size() > 1) {
            pause(Duration.ZERO);
        }
    }

    private boolean isStopped(Fiber fiber) {
        return fiber.host.isDead() || ending && fiber != fibers.getFirst();
    }

    /** Where every random decision comes from. */
    Random random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Somewhere between two durations. */
    Duration between(Duration least, Duration most) {
        return least.plusNanos((long) (random.nextDouble() * most.minus(least).toNanos()));
    }

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    /** The time of day, as an observer has it. */
    Instant instant() {
        return START.plusNanos(now);
    }

    /** Starts a thread of a process. */
    void spawn(Host host, Runnable body) {
        var holder = new Fiber[1];
        var thread = Thread.ofVirtual().unstarted(() -> {
            var self = holder[0];
            awaitTurn(self);
            try {
                if (!isStopped(self)) {
                    body.run();
                }
            } catch (Death e) {
                // As it should be: the process has died.
                assertStopped(self);
            } catch (Throwable e) {
                defect = e;
            }
            fibers.remove(self);
            hand(next());
        });
        var fiber = new Fiber(host, thread);
        holder[0] = fiber;
        fibers.add(fiber);
        wake(fiber, now);
        thread.start();
    }

    private void assertStopped(Fiber fiber) {
        if (!isStopped(fiber)) {
            defect = new IllegalStateException(fiber.host + " is alive and one of its threads has died");
        }
    }

    private void wake(Fiber fiber, long at) {
        wakes.add(new Wake(at, order++, fiber, fiber.wait));
    }

    /** Lets the fiber that runs wait. */
    void pause(Duration duration) {
        var self = begin();
        wake(self, now + Math.max(0, duration.toNanos()));
        handOver(self);
    }

    private Fiber begin() {
        var self = current;
        if (self == null) {
            throw new IllegalStateException("nobody runs");
        }
        if (isStopped(self)) {
            throw new Death();
        }
        self.wait++;
        return self;
    }

    private void handOver(Fiber self) {
        var next = next();
        if (next != self) {
            hand(next);
            awaitTurn(self);
        }
        current = self;
        if (isStopped(self)) {
            throw new Death();
        }
    }

    private static void awaitTurn(Fiber self) {
        while (!self.turn) {
            LockSupport.park(self);
        }
        self.turn = false;
    }

    private void hand(Fiber next) {
        current = next;
        next.turn = true;
        LockSupport.unpark(next.thread);
    }

    private Fiber next() {
        while (true) {
            var wake = wakes.remove();
            if (wake.number != wake.fiber.wait || !fibers.contains(wake.fiber)) {
                continue;
            }
            long thaw = wake.fiber.host.frozenUntil();
            if (thaw > wake.at && !isStopped(wake.fiber)) {
                wakes.add(new Wake(thaw, order++, wake.fiber, wake.number));
                continue;
            }
            now = Math.max(now, wake.at);
            wake.fiber.wait++;
            return wake.fiber;
        }
    }

    /** Wakes all threads of a process, whatever they wait for. */
    void wakeAll(Host host) {
        fibers.stream().filter(fiber -> fiber.host == host && fiber != current).forEach(fiber -> wake(fiber, now));
    }

    /** Waits for a condition that is looked at every so often. */
    boolean await(BooleanSupplier condition, Duration every, Duration atMost) {
        long end = now + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (now >= end) {
                return false;
            }
            pause(every);
        }
        return true;
    }

    /** A flag of the simulated world. */
    Flag newFlag() {
        return new SimulatedFlag();
    }

    private final class SimulatedFlag implements Flag {
        private final List<Fiber> waiting = new ArrayList<>();
        private boolean raised;

        @Override
        public void raise() {
            if (!raised) {
                raised = true;
                waiting.forEach(fiber -> wake(fiber, now));
                waiting.clear();
            }
        }

        @Override
        public boolean isRaised() {
            return raised;
        }

        @Override
        public boolean await(Duration atMost) {
            if (!raised && atMost.isPositive()) {
                var self = begin();
                waiting.add(self);
                wake(self, now + atMost.toNanos());
                try {
                    handOver(self);
                } finally {
                    waiting.remove(self);
                }
            }
            return raised;
        }
    }
}
