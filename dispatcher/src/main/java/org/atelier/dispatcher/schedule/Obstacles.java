package org.atelier.dispatcher.schedule;

import java.util.Locale;
import java.util.Optional;

import org.atelier.common.job.JobType;
import org.atelier.common.ledger.StoredRequest;
import org.jspecify.annotations.Nullable;

/** Says why a job that waits is not given to a worker, for those who wait for it. */
public final class Obstacles {
    private static final double GIGABYTE = 1e9;

    private final Pools pools;
    private final Workers workers;

    public Obstacles(Pools pools, Workers workers) {
        this.pools = pools;
        this.workers = workers;
    }

    /** What is in the way of a job, other than those before it; empty if nothing is. */
    public Optional<String> of(StoredRequest request) {
        var wanted = request.submission().request();
        if (wanted.composite()) {
            return Optional.empty();
        }
        var type = JobType.of(wanted);
        return pools.poolOf(type)
                .map(pool -> of(pool, type, request.memoryBytes()))
                .orElseGet(() -> Optional.of("No pool of this installation runs jobs of type " + type + "."));
    }

    private Optional<String> of(String pool, JobType type, @Nullable Long memoryBytes) {
        var alive = workers.all().stream().filter(worker -> worker.pool().equals(pool)).toList();
        if (alive.isEmpty()) {
            return Optional.of("No worker of the pool " + pool + " has been heard of.");
        }
        var ability = Ability.of(alive);
        if (!ability.types().contains(type)) {
            return Optional.of("None of the " + alive.size() + " workers of the pool " + pool
                    + " that are alive can run jobs of type " + type + "; newer ones may.");
        }
        if (memoryBytes != null && memoryBytes > ability.memoryBytes()) {
            return Optional.of("It needs at least " + gigabytes(memoryBytes)
                    + " of device memory, and the largest of the "
                    + alive.size() + " workers of the pool " + pool + " that are alive has " + gigabytes(ability
                            .memoryBytes()) + ".");
        }
        return Optional.empty();
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
    }
}
