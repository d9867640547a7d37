package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

import org.atelier.worker.job.time.Flag;

/** A thread of a process that does what it is given, in order. */
final class FiberExecutor extends AbstractExecutorService {
    private static final Duration LONG = Duration.ofDays(1);

    private final Simulation simulation;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private Flag work;
    private boolean shutdown;

    FiberExecutor(Host host, Simulation simulation) {
        this.simulation = simulation;
        this.work = simulation.newFlag();
        host.loop(this::turn);
    }

    private boolean turn() {
        var task = tasks.poll();
        if (task != null) {
            task.run();
            return true;
        }
        work.await(LONG);
        work = simulation.newFlag();
        return !shutdown || !tasks.isEmpty();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        work.raise();
    }

    @Override
    public void shutdown() {
        shutdown = true;
        work.raise();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException("nobody interrupts threads");
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody waits for it");
    }
}
