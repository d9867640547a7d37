package org.atelier.common.ledger;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.store.BlobNames;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;

/**
 * Reads and writes the documents of jobs. Requests, claims, cancels and manifests are created once and never change;
 * leases and checkpoints have a single writer, the holder of the claim, and are overwritten.
 *
 * <p>Every method throws {@link org.atelier.common.store.StoreException} when the store does not answer.
 */
public final class JobLedger {
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    private final ObjectStore store;

    public JobLedger(ObjectStore store) {
        this.store = store;
    }

    /**
     * Makes a job. The blobs that it names are touched before: they may be old, and nothing else may name them. Those that are
     * not there are not missed here.
     */
    public Creation<StoredRequest> create(StoredRequest request) {
        var blobs = new BlobStore(store);
        BlobNames.in(Json.tree(request.submission().request())).forEach(blobs::rely);
        return create(StoreKeys.request(request.job()), request, StoredRequest.class);
    }

    /** The request of a job, or empty if there is no such job. */
    public Optional<StoredRequest> request(JobId job) {
        return find(StoreKeys.request(job), StoredRequest.class);
    }

    /** Uses up the id of a job that is about to be erased. */
    public Creation<Erased> erase(Erased erased) {
        return create(StoreKeys.erased(erased.job()), erased, Erased.class);
    }

    /** Takes the request of a job away. Nothing of the job may run any more. */
    public void discard(JobId job) {
        store.delete(StoreKeys.request(job));
    }

    /** Which erasure a job fell to, or empty if it did not. */
    public Optional<Erased> erased(JobId job) {
        return find(StoreKeys.erased(job), Erased.class);
    }

    /** Takes the right to run an attempt. {@link Creation.Existing} means that another has it. */
    public Creation<Claim> claim(Claim claim) {
        return create(StoreKeys.claim(claim.attempt()), claim, Claim.class);
    }

    /** Who may run an attempt, or empty if nobody claimed it. */
    public Optional<Claim> claim(AttemptId attempt) {
        return find(StoreKeys.claim(attempt), Claim.class);
    }

    /** Shows that the holder of a claim is alive. */
    public void renew(Lease lease) {
        write(StoreKeys.lease(lease.attempt()), lease);
    }

    /** The last sign of life of an attempt, or empty if there was none. */
    public Optional<Lease> lease(AttemptId attempt) {
        return find(StoreKeys.lease(attempt), Lease.class);
    }

    /** Records where a later attempt can go on. Its blob must be in the store already. */
    public void save(Checkpoint checkpoint) {
        write(StoreKeys.checkpoint(checkpoint.attempt()), checkpoint);
    }

    /** The newest checkpoint that an attempt before this one left, or empty if none did. */
    public Optional<Checkpoint> checkpointBefore(AttemptId attempt) {
        return IntStream.iterate(attempt.attempt() - 1, n -> n >= AttemptId.FIRST, n -> n - 1)
                .mapToObj(n -> find(StoreKeys.checkpoint(new AttemptId(attempt.run(), n)), Checkpoint.class))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Keeps what was logged last within an attempt. Only the holder of its claim writes it. */
    public void keepLog(AttemptId attempt, String lines) {
        store.put(StoreKeys.log(attempt), lines.getBytes(StandardCharsets.UTF_8), PLAIN_TEXT);
    }

    /** What was logged last within an attempt, one line each; empty if nothing was kept. */
    public List<String> log(AttemptId attempt) {
        return store.get(StoreKeys.log(attempt))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .orElse(List.of());
    }

    /** Asks for the end of a run. */
    public Creation<Cancel> cancel(Cancel cancel) {
        return create(StoreKeys.cancel(cancel.run()), cancel, Cancel.class);
    }

    /** Whether somebody asked for the end of a run, and who. */
    public Optional<Cancel> cancel(RunId run) {
        return find(StoreKeys.cancel(run), Cancel.class);
    }

    /** Makes a run that is not the first. {@link Creation.Existing} means that somebody asked for it before. */
    public Creation<RunOrigin> replay(RunOrigin origin) {
        return create(StoreKeys.replay(origin.run()), origin, RunOrigin.class);
    }

    /** What asked for a run that is not the first, or empty if nothing did. */
    public Optional<RunOrigin> replay(RunId run) {
        return find(StoreKeys.replay(run), RunOrigin.class);
    }

    /** Ends a run. {@link Creation.Existing} means that it had ended already, perhaps differently. */
    public Creation<Manifest> commit(Manifest manifest) {
        return create(StoreKeys.manifest(manifest.run()), manifest, Manifest.class);
    }

    /** How a run ended, or empty if it has not. */
    public Optional<Manifest> manifest(RunId run) {
        return find(StoreKeys.manifest(run), Manifest.class);
    }

    /**
     * How the first of a job's runs that succeeded did, or empty if none has. Once there is one, it stays this one.
     */
    public Optional<Manifest> success(JobId job) {
        for (var run = RunId.first(job); run.run() == RunId.FIRST || replay(run).isPresent(); run = run.next()) {
            var success = manifest(run).filter(manifest -> manifest.outcome() == Outcome.SUCCEEDED);
            if (success.isPresent()) {
                return success;
            }
        }
        return Optional.empty();
    }

    private <T> Creation<T> create(String key, T document, Class<T> type) {
        if (store.createIfAbsent(key, Json.bytes(document), Artifact.JSON)) {
            return new Creation.Created<>(document);
        }
        return new Creation.Existing<>(find(key, type).orElseThrow(() -> new NoSuchObjectException(key)));
    }

    private void write(String key, Object document) {
        store.put(key, Json.bytes(document), Artifact.JSON);
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        return store.get(key).map(bytes -> Json.read(bytes, type));
    }
}
