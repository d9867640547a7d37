package org.atelier.chaos.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;

import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;

/** A process: threads that live and die together, and a clock of its own that is wrong in its own way. */
final class Host {
    private final String name;
    private final Simulation simulation;
    private final Duration skew;
    private final List<Runnable> onDeath = new ArrayList<>();
    private boolean dead;
    private long frozenUntil;

    /** @param skew what its time of day is ahead of the observer's */
    Host(String name, Simulation simulation, Duration skew) {
        this.name = name;
        this.simulation = simulation;
        this.skew = skew;
    }

    @Override
    public String toString() {
        return name;
    }

    boolean isDead() {
        return dead;
    }

    long frozenUntil() {
        return frozenUntil;
    }

    boolean isFrozen() {
        return frozenUntil > simulation.now();
    }

    /** Done when it dies: what its machine does for it, such as closing connections. */
    void onDeath(Runnable action) {
        onDeath.add(action);
    }

    /** It is killed. Of its threads, none does anything from here on; the one that runs stops at its next wait. */
    void die() {
        if (!dead) {
            dead = true;
            onDeath.forEach(Runnable::run);
            simulation.wakeAll(this);
        }
    }

    /** It stands still for a while, and then goes on as if nothing had been. */
    void freeze(Duration duration) {
        frozenUntil = Math.max(frozenUntil, simulation.now() + duration.toNanos());
    }

    void spawn(Runnable body) {
        simulation.spawn(this, body);
    }

    /** A thread that takes turns until there is none left. */
    void loop(BooleanSupplier turn) {
        spawn(() -> {
            while (turn.getAsBoolean()) {
                if (dead) {
                    throw new Death();
                }
            }
        });
    }

    /** A thread that does what it is given, in order. */
    ExecutorService newExecutor() {
        return new FiberExecutor(this, simulation);
    }

    Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return simulation.instant().plus(skew);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    Timing timing() {
        return new Timing() {
            @Override
            public long nanos() {
                return simulation.now();
            }

            @Override
            public Flag newFlag() {
                return simulation.newFlag();
            }
        };
    }
}
