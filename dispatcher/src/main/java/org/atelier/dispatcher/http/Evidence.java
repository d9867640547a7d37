package org.atelier.dispatcher.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.api.JobView;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.JobIndex.AttemptEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of each attempt at a job. Of those that failed also what they left in the store, and the log lines among it;
 * while the store does not answer these are left out, because the rest is worth more than nothing.
 */
final class Evidence {
    /** Attempts of a job that are shown, the newest ones. */
    static final int ATTEMPTS = 100;
    /** Failed attempts whose log lines are shown, the newest ones. */
    static final int LOGS = 5;
    /** The phase in which an attempt computes. */
    private static final String COMPUTING = "run";

    private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

    private final JobIndex index;
    private final JobLedger ledger;
    private final ObjectStore store;

    Evidence(JobIndex index, JobLedger ledger, ObjectStore store) {
        this.index = index;
        this.ledger = ledger;
        this.store = store;
    }

    /**
     * The attempts at a job, the first first.
     *
     * @param manifest how its newest run ended; absent while it has not
     */
    List<JobView.Attempt> of(JobId job, @Nullable Manifest manifest) {
        var entries = index.attempts(job, ATTEMPTS);
        var failed = entries.stream().filter(entry -> entry.failure() != null).map(AttemptEntry::id).toList();
        var left = failed.isEmpty() ? Map.<AttemptId, Left>of() : left(failed);
        return entries.stream()
                .map(entry -> attempt(entry, ended(entry.id(), manifest), left.getOrDefault(entry.id(), Left.NOTHING)))
                .toList();
    }

    private static Optional<Manifest> ended(AttemptId attempt, @Nullable Manifest manifest) {
        return Optional.ofNullable(manifest).filter(end -> end.run().equals(attempt.run()) && end.attempt() == attempt
                .attempt());
    }

    private static JobView.Attempt attempt(AttemptEntry entry, Optional<Manifest> end, Left left) {
        var seconds = entry.failure() == null ? end.map(Manifest::seconds).orElse(Map.of()) : entry.seconds();
        var progress = entry.progress();
        return new JobView.Attempt(entry.id().run().run(), entry.id().attempt(), entry.worker(), entry.host(), entry
                .slot(), entry.fedAt(), entry.startedAt(), entry.failedAt() == null
                        ? end.map(Manifest::endedAt).orElse(null)
                        : entry.failedAt(),
                entry.resumedFrom(), progress == null ? null : progress.step(), seconds.get(COMPUTING), entry.failure(),
                left.log, left.keys);
    }

    /** What an attempt left in the store. */
    private record Left(List<String> log, List<String> keys) {
        private static final Left NOTHING = new Left(List.of(), List.of());
    }

    private Map<AttemptId, Left> left(List<AttemptId> failed) {
        var left = new HashMap<AttemptId, Left>();
        try {
            var shown = failed.subList(Math.max(0, failed.size() - LOGS), failed.size());
            for (var run : failed.stream().map(AttemptId::run).distinct().toList()) {
                var keys = keys(run);
                failed.stream().filter(attempt -> attempt.run().equals(run)).forEach(attempt -> left.put(attempt,
                        left(attempt, keys, shown.contains(attempt))));
            }
        } catch (StoreException e) {
            LOG.warn("the attempts at {} are shown without their log lines: {}", failed.getFirst().job(), e
                    .getMessage());
        }
        return left;
    }

    private List<String> keys(RunId run) {
        try (var objects = store.list(StoreKeys.run(run))) {
            return objects.map(StoredObject::key).toList();
        }
    }

    private Left left(AttemptId attempt, List<String> keys, boolean withLog) {
        var own = keys.stream().filter(key -> key.startsWith(StoreKeys.attempt(attempt))).toList();
        return new Left(withLog && own.contains(StoreKeys.log(attempt)) ? ledger.log(attempt) : List.of(), own);
    }
}
