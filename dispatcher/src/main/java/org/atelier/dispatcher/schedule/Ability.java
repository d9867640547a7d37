package org.atelier.dispatcher.schedule;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

import org.atelier.common.event.Message;
import org.atelier.common.job.JobType;

/**
 * What the live workers of a pool can run, taken together. Where none is alive everything is taken for possible: who comes
 * finds work, and whoever starts workers sees that some is there.
 *
 * @param memoryBytes device memory of the one that has most
 * @param types       job types that at least one can run
 */
public record Ability(long memoryBytes, Set<JobType> types) {
    /** Anything. */
    public static final Ability ANYTHING = new Ability(Long.MAX_VALUE, Set.copyOf(JobType.ofWorkers()));

    /** Of workers that are alive. One that does not say how much memory it has may have enough. */
    static Ability of(Collection<Message.WorkerAlive> workers) {
        if (workers.isEmpty()) {
            return ANYTHING;
        }
        var types = EnumSet.noneOf(JobType.class);
        workers.forEach(worker -> types.addAll(worker.types()));
        return new Ability(workers.stream()
                .mapToLong(worker -> worker.memoryBytes() == null ? Long.MAX_VALUE : worker.memoryBytes())
                .max()
                .orElse(Long.MAX_VALUE), Set.copyOf(types));
    }
}
