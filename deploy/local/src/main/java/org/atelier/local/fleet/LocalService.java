package org.atelier.local.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

import org.atelier.local.process.ChildDeath;
import org.atelier.local.process.ChildProcess;
import org.atelier.local.process.ChildSpec;
import org.atelier.local.process.Readiness;
import org.jspecify.annotations.Nullable;

/** A part of the fleet that can be started, broken and started again, always on the same data and ports. */
public final class LocalService implements AutoCloseable {
    private final ChildSpec spec;
    private final Readiness readiness;
    private final Duration timeout;
    private final Consumer<ChildDeath> onUnexpectedDeath;
    private @Nullable ChildProcess process;

    /**
     * A service that does not run yet.
     *
     * @param readiness         tells that it does its work
     * @param timeout           how long its start may take
     * @param onUnexpectedDeath told when it ends and nobody asked it to
     */
    LocalService(ChildSpec spec, Readiness readiness, Duration timeout, Consumer<ChildDeath> onUnexpectedDeath) {
        this.spec = spec;
        this.readiness = readiness;
        this.timeout = timeout;
        this.onUnexpectedDeath = onUnexpectedDeath;
    }

    /** Starts it and does not wait for it. A service that runs is left alone. */
    public synchronized void start() {
        if (process == null || !process.alive()) {
            process = ChildProcess.start(spec);
            process.unexpectedDeath().thenAccept(onUnexpectedDeath);
        }
    }

    /** Waits until it does its work. */
    public void awaitReady() throws InterruptedException {
        process().awaitReady(readiness, timeout);
    }

    /** Whether it does its work now. */
    public boolean isReady() throws InterruptedException {
        try {
            return readiness.answered();
        } catch (IOException e) {
            // No answer is a no.
            return false;
        }
    }

    /** Starts it and waits until it does its work. */
    public void startAndAwait() throws InterruptedException {
        start();
        awaitReady();
    }

    /**
     * The process of the newest start: to kill, freeze or resume it.
     *
     * @throws IllegalStateException if it was never started
     */
    public synchronized ChildProcess process() {
        if (process == null) {
            throw new IllegalStateException("the " + spec.name() + " was never started");
        }
        return process;
    }

    /** Stops it, if it runs. */
    @Override
    public void close() {
        ChildProcess running;
        synchronized (this) {
            running = process;
        }
        if (running != null) {
            running.stop();
        }
    }
}
