package org.atelier.dispatcher.retention;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.store.BlobNames;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.jspecify.annotations.Nullable;

/**
 * Goes through everything in the store and says which blobs are named.
 *
 * <p>Every JSON document in the store is a root, wherever it lies, but for the few that are listed here: what a later version
 * adds to the store is one without being known. Of a root, every text counts that is a digest. A document that cannot be
 * read stops the inventory: it might name anything.
 */
final class Inventory {
    /** What is no root: the blobs themselves, what was written about removing them, and scratch. */
    private static final List<String> NO_ROOTS = List.of(StoreKeys.BLOBS, StoreKeys.JOBS, StoreKeys.ERASURES,
            StoreKeys.COLLECTIONS, StoreKeys.CONDEMNED, StoreKeys.UPLOADS, StoreKeys.PROBES);
    private static final String DOCUMENT = ".json";
    /** Documents that are asked for together. */
    private static final int AT_ONCE = 256;

    private final ObjectStore store;
    private final Executor executor;

    /** @param executor for reading documents, which are many and wait for each other for nothing */
    Inventory(ObjectStore store, Executor executor) {
        this.store = store;
        this.executor = executor;
    }

    /**
     * A job of which every run has ended.
     *
     * @param tenant    whose
     * @param endedAt   when the last run did, by the store's clock
     * @param composite the job that it is a part of; null where it is one of its own
     */
    record EndedJob(JobId job, String tenant, Instant endedAt, @Nullable JobId composite) {}

    /**
     * What there is.
     *
     * @param at        when the inventory began, by the store's clock
     * @param named     the blobs that something names
     * @param openSince when the oldest attempt began that has not ended, by the store's clock; empty where there is none. What
     *                  open attempts have written and nothing names yet is younger
     * @param ended     jobs of which every run has ended
     * @param open      jobs of which a run has not
     * @param needed    jobs that open jobs wait for or read from
     * @param leftovers documents that were written after their job was erased
     */
    record Stock(
            Instant at,
            Set<Digest> named,
            Optional<Instant> openSince,
            List<EndedJob> ended,
            Set<JobId> open,
            Set<JobId> needed,
            List<String> leftovers) {}

    /** Goes through everything. */
    Stock take() {
        return new Walk(StoreTime.now(store)).walk();
    }

    /** The documents of one job. */
    JobFiles files(JobId job) {
        var files = new JobFiles(job);
        try (var objects = store.list(StoreKeys.job(job))) {
            objects.forEach(files::add);
        }
        return files;
    }

    /** The blobs that any document of a job names. */
    Set<Digest> namedBy(JobFiles files) {
        return read(files.documents()).values().stream()
                .flatMap(document -> BlobNames.in(document).stream())
                .collect(Collectors.toSet());
    }

    private Map<String, JsonNode> read(List<String> keys) {
        var futures = new HashMap<String, CompletableFuture<Optional<JsonNode>>>();
        keys.forEach(key -> futures.put(key, CompletableFuture.supplyAsync(() -> store.get(key).map(bytes -> Json.read(
                bytes, JsonNode.class)), executor)));
        var documents = new HashMap<String, JsonNode>();
        try {
            // What was there a moment ago and is gone was erased in between.
            futures.forEach((key, future) -> future.join().ifPresent(document -> documents.put(key, document)));
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
        return documents;
    }

    /** One way through the store. */
    private final class Walk {
        private final Instant at;
        private final Set<Digest> named = new HashSet<>();
        private final List<EndedJob> ended = new ArrayList<>();
        private final Set<JobId> open = new HashSet<>();
        private final Set<JobId> needed = new HashSet<>();
        private final List<String> leftovers = new ArrayList<>();
        private final List<JobFiles> waiting = new ArrayList<>();
        private final List<String> others = new ArrayList<>();
        private Optional<Instant> openSince = Optional.empty();
        private @Nullable JobFiles current;

        Walk(Instant at) {
            this.at = at;
        }

        Stock walk() {
            try (var objects = store.list("")) {
                objects.forEach(object -> {
                    var key = object.key();
                    if (key.startsWith(StoreKeys.JOBS)) {
                        JobFiles.jobOf(key).ifPresent(job -> of(job).add(object));
                    } else if (key.endsWith(DOCUMENT) && NO_ROOTS.stream().noneMatch(key::startsWith)) {
                        others.add(key);
                    }
                    if (others.size() + waiting.size() >= AT_ONCE) {
                        flush();
                    }
                });
            }
            if (current != null) {
                waiting.add(current);
            }
            flush();
            return new Stock(at, named, openSince, ended, open, needed, leftovers);
        }

        /** Keys come in order: when the next job's begin, all of this one's were there. */
        private JobFiles of(JobId job) {
            if (current == null || !current.job().equals(job)) {
                if (current != null) {
                    waiting.add(current);
                }
                current = new JobFiles(job);
            }
            return current;
        }

        private void flush() {
            var keys = new ArrayList<>(others);
            waiting.stream().filter(files -> files.erasedAt().isEmpty()).forEach(files -> keys.addAll(files.roots()));
            var documents = read(keys);
            documents.values().forEach(document -> named.addAll(BlobNames.in(document)));
            waiting.forEach(files -> take(files, documents));
            others.clear();
            waiting.clear();
        }

        private void take(JobFiles files, Map<String, JsonNode> documents) {
            if (files.erasedAt().isPresent()) {
                files.keys().stream().filter(key -> !key.equals(StoreKeys.erased(files.job()))).forEach(leftovers::add);
                return;
            }
            files.openSince().ifPresent(since -> openSince = Optional.of(openSince.filter(since::isAfter).orElse(
                    since)));
            var request = Optional.ofNullable(documents.get(StoreKeys.request(files.job()))).map(document -> Json.read(
                    document, StoredRequest.class));
            if (request.isEmpty()) {
                return;
            }
            var endedAt = files.endedAt();
            if (endedAt.isPresent()) {
                var place = request.get().partOf();
                ended.add(new EndedJob(files.job(), request.get().tenant(), StoreTime.cut(endedAt.get()), place == null
                        ? null
                        : place.composite().job()));
            } else {
                open.add(files.job());
                needed.addAll(request.get().submission().dependencies());
            }
        }
    }
}
