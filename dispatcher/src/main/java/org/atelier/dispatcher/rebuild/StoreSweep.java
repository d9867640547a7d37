package org.atelier.dispatcher.rebuild;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import org.atelier.common.event.Message;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.projection.KnownJob;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.schedule.Pools;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through the jobs of the store and tells the projection what it does not know of them. The names of the objects are
 * compared with what is known, so that only what is missing is read. What is told is joined like everything else: it may be
 * told again, and meanwhile the topics may tell more.
 */
public final class StoreSweep {
    /** Jobs that are compared at once. */
    private static final int AT_ONCE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(StoreSweep.class);

    private final ObjectStore store;
    private final JobLedger ledger;
    private final Projection projection;
    private final Pools pools;
    private final Executor executor;

    /** @param executor for reading, which is many small requests that wait for each other for nothing */
    public StoreSweep(ObjectStore store, JobLedger ledger, Projection projection, Pools pools, Executor executor) {
        this.store = store;
        this.ledger = ledger;
        this.projection = projection;
        this.pools = pools;
        this.executor = executor;
    }

    /** Hears how far the sweep is. */
    @FunctionalInterface
    public interface Progress {
        /** So many jobs were looked at, and of so many something was missing. */
        void at(int lookedAt, int restored);
    }

    private record Told(Message message, Instant at) {}

    /** What the projection did not know of a job. */
    private record Missing(Optional<StoredRequest> request, List<Told> told) {}

    /**
     * Looks through all of it.
     *
     * @param goOn asked now and then; once it says no, the rest is left
     * @return whether it came to the end
     */
    public boolean run(BooleanSupplier goOn, Progress progress) {
        int lookedAt = 0;
        int restored = 0;
        var jobs = new ArrayList<StoredJob>();
        try (var objects = store.list(StoreKeys.JOBS)) {
            for (var keys = objects.map(StoredObject::key).iterator(); keys.hasNext();) {
                var key = StoredJob.Key.of(keys.next());
                if (key.isEmpty()) {
                    continue;
                }
                if (jobs.isEmpty() || !jobs.getLast().job().equals(key.get().job())) {
                    if (jobs.size() == AT_ONCE) {
                        lookedAt += jobs.size();
                        restored += restore(jobs);
                        progress.at(lookedAt, restored);
                        jobs.clear();
                        if (!goOn.getAsBoolean()) {
                            return false;
                        }
                    }
                    jobs.add(new StoredJob(key.get().job()));
                }
                jobs.getLast().add(key.get());
            }
        }
        restored += restore(jobs);
        progress.at(lookedAt + jobs.size(), restored);
        return goOn.getAsBoolean();
    }

    private int restore(List<StoredJob> stored) {
        var known = projection.known(stored.stream().map(StoredJob::job).toList());
        var missing = stored.stream()
                .filter(StoredJob::isJob)
                .map(job -> missing(job, known.getOrDefault(job.job(), KnownJob.NOTHING)))
                .flatMap(Optional::stream)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
        if (!missing.isEmpty()) {
            projection.write(write -> missing.forEach(job -> {
                job.request.ifPresent(request -> write.admit(request, pool(request)));
                job.told.forEach(told -> write.note(told.message, told.at));
            }));
        }
        return missing.size();
    }

    private @Nullable String pool(StoredRequest request) {
        return pools.poolOf(JobType.of(request.submission().request())).orElse(null);
    }

    /** Reads what is missing, if anything is. */
    private Optional<CompletableFuture<Optional<Missing>>> missing(StoredJob job, KnownJob known) {
        boolean behind = job.newest().run() > known.run();
        boolean ended = job.hasEnded() && (behind || !known.ended());
        boolean claimed = !job.hasEnded() && job.claimed().filter(attempt -> behind || attempt.attempt() > known
                .attempt()).isPresent();
        boolean cancelled = !job.hasEnded() && job.isCancelled() && job.newest().run() > known.cancelled();
        if (known.requested() && !(behind || ended || claimed || cancelled)) {
            return Optional.empty();
        }
        return Optional.of(CompletableFuture.supplyAsync(() -> {
            try {
                return Optional.of(read(job, !known.requested(), behind, ended, claimed, cancelled));
            } catch (RuntimeException e) {
                if (Outage.of(e).isPresent()) {
                    throw e;
                }
                LOG.error(
                        "{} is left out of the projection, or as the topics have it: its documents in the store cannot"
                                + " be read", job.job(), e);
                return Optional.empty();
            }
        }, executor));
    }

    private Missing read(StoredJob job, boolean requested, boolean behind, boolean ended, boolean claimed,
            boolean cancelled) {
        var request = requested ? ledger.request(job.job()) : Optional.<StoredRequest>empty();
        var told = new ArrayList<Told>();
        if (behind) {
            job.endedBefore().flatMap(ledger::manifest).ifPresent(manifest -> told.add(new Told(new Message.RunEnded(
                    manifest), manifest.endedAt())));
            ledger.replay(job.newest()).ifPresent(origin -> told.add(new Told(new Message.RunQueued(job.newest()),
                    origin.at())));
        }
        if (claimed) {
            job.claimed().flatMap(ledger::claim).ifPresent(claim -> told.add(new Told(new Message.AttemptStarted(claim
                    .attempt(), claim.worker(), claim.host(), 0), claim.claimedAt())));
        }
        if (cancelled) {
            ledger.cancel(job.newest()).ifPresent(cancel -> told.add(new Told(new Message.CancelRequested(job.newest(),
                    cancel.actor()), cancel.requestedAt())));
        }
        if (ended) {
            ledger.manifest(job.newest()).ifPresent(manifest -> told.add(new Told(new Message.RunEnded(manifest),
                    manifest.endedAt())));
        }
        return new Missing(request, told);
    }
}
