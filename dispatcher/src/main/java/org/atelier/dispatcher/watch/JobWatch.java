package org.atelier.dispatcher.watch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.atelier.common.job.JobId;
import org.atelier.dispatcher.schedule.Bell;

/**
 * Tells watchers of jobs that there may be something new; what it is, they read themselves. Safe for use by several
 * threads.
 */
public final class JobWatch implements AutoCloseable {
    private final ConcurrentHashMap<JobId, Set<Watcher>> watchers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Somebody who watches a job. Begins before the first look, so that nothing between two looks is missed. */
    public final class Watcher implements AutoCloseable {
        private final JobId job;
        private final Bell bell = new Bell();

        private Watcher(JobId job) {
            this.job = job;
        }

        /** Rings when there may be something new. */
        public Bell bell() {
            return bell;
        }

        /** Whether there is no use in waiting any longer: the dispatcher stops. */
        public boolean isOver() {
            return closed;
        }

        @Override
        public void close() {
            watchers.computeIfPresent(job, (key, others) -> {
                others.remove(this);
                return others.isEmpty() ? null : others;
            });
        }
    }

    /** Begins to watch a job. */
    public Watcher watch(JobId job) {
        var watcher = new Watcher(job);
        watchers.compute(job, (key, others) -> {
            var all = others == null ? ConcurrentHashMap.<Watcher>newKeySet() : others;
            all.add(watcher);
            return all;
        });
        return watcher;
    }

    /** There may be something new about these jobs. */
    public void ring(Set<JobId> jobs) {
        for (var job : jobs) {
            watchers.getOrDefault(job, Set.of()).forEach(watcher -> watcher.bell.ring());
        }
    }

    /** How many watch. */
    public int size() {
        return watchers.values().stream().mapToInt(Set::size).sum();
    }

    /** Sends everybody home. */
    @Override
    public void close() {
        closed = true;
        watchers.values().forEach(all -> all.forEach(watcher -> watcher.bell.ring()));
    }
}
