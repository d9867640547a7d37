package org.atelier.dispatcher.retention;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Erased;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.BlobNames;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.schedule.RunBook;
import org.atelier.dispatcher.schedule.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries erasures out. Each step may be done again, by whomever: a death at any moment comes to the same end.
 *
 * <ol><li>What has not ended is cancelled, and waited for. <li>The ids are used up: from here on nothing brings the jobs back.
 * <li>The blobs that they name are written down. <li>The documents go, and everybody is told to forget. <li>The blobs go that
 * nothing else names.</ol>
 */
final class Eraser {
    /** A blob that was written or touched less long ago may be somebody else's, who is about to name it: it is waited for. */
    static final Duration PENDING = Duration.ofHours(1);
    /** Time between two looks at blobs that are waited for: each goes through the whole store. */
    private static final Duration RETRY = Duration.ofMinutes(5);
    private static final int EVENTS_AT_ONCE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Eraser.class);

    private final ObjectStore store;
    private final JobLedger ledger;
    private final JobIndex index;
    private final RunBook book;
    private final EventPublisher events;
    private final Cancellation cancellation;
    private final Inventory inventory;
    private final Remover remover;
    private final Metrics metrics;
    private final Ticker ticker;
    private final Clock clock;
    private final Map<String, ErasurePlan> open = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Long> tried = new HashMap<>();

    Eraser(ObjectStore store, JobIndex index, RunBook book, EventPublisher events, Inventory inventory, Remover remover,
            Metrics metrics, Ticker ticker, Clock clock) {
        this.store = store;
        this.ledger = new JobLedger(store);
        this.index = index;
        this.book = book;
        this.events = events;
        this.cancellation = new Cancellation(ledger, events, clock);
        this.inventory = inventory;
        this.remover = remover;
        this.metrics = metrics;
        this.ticker = ticker;
        this.clock = clock;
    }

    /**
     * {@code blobs.json}: what was found before the first document went. Gone when the erasure is done.
     *
     * @param jobs    all jobs, parts of composite jobs among them
     * @param blobs   what they name
     * @param endedAt when the last of them ended, by the store's clock: what was not touched since is nobody else's
     * @param removed how many blobs were removed so far
     * @param bytes   their size
     */
    private record Found(List<JobId> jobs, Set<Digest> blobs, Instant endedAt, long removed, long bytes) {}

    /** Goes on with every erasure, as far as it can. */
    void step() {
        look();
        for (var plan : List.copyOf(open.values())) {
            if (advance(plan)) {
                open.remove(plan.id());
                finished.add(plan.id());
            }
        }
    }

    private void look() {
        var plans = new HashSet<String>();
        try (var objects = store.list(StoreKeys.ERASURES)) {
            objects.map(object -> object.key().substring(StoreKeys.ERASURES.length()).split("/", 2)).forEach(parts -> {
                if (parts[1].equals("plan.json") && !finished.contains(parts[0])) {
                    plans.add(parts[0]);
                } else if (parts[1].equals("report.json")) {
                    finished.add(parts[0]);
                }
            });
        }
        plans.removeAll(finished);
        plans.stream().filter(id -> !open.containsKey(id)).forEach(id -> store.get(StoreKeys.erasurePlan(id))
                .ifPresent(bytes -> open.put(id, Json.read(bytes, ErasurePlan.class))));
    }

    /** Whether it is done. */
    private boolean advance(ErasurePlan plan) {
        var found = store.get(StoreKeys.erasureBlobs(plan.id())).map(bytes -> Json.read(bytes, Found.class)).or(
                () -> find(plan));
        if (found.isEmpty()) {
            return false;
        }
        var last = tried.get(plan.id());
        if (last != null && ticker.nanos() - last < RETRY.toNanos()) {
            return false;
        }
        if (!told.contains(plan.id())) {
            found.get().jobs().forEach(job -> forget(plan, job));
            told.add(plan.id());
        }
        boolean done = remove(plan, found.get());
        tried.put(plan.id(), ticker.nanos());
        return done;
    }

    /** Uses the ids up and writes down what the jobs name; empty as long as one of them has not ended. */
    private Optional<Found> find(ErasurePlan plan) {
        var jobs = family(plan.jobs());
        if (!areEnded(plan, jobs)) {
            return Optional.empty();
        }
        jobs.forEach(job -> ledger.erase(new Erased(job, plan.tenant(), plan.id(), clock.instant())));
        // A replay may have been quicker.
        if (!areEnded(plan, jobs)) {
            return Optional.empty();
        }
        var blobs = new HashSet<Digest>();
        var endedAt = Instant.EPOCH;
        for (var job : jobs) {
            var files = inventory.files(job);
            blobs.addAll(inventory.namedBy(files));
            blobs.addAll(shown(job));
            endedAt = files.endedAt().filter(endedAt::isBefore).orElse(endedAt);
        }
        var found = new Found(List.copyOf(jobs), blobs, StoreTime.cut(endedAt), 0, 0);
        save(plan, found);
        return Optional.of(found);
    }

    /** The jobs, and what they consist of. Parts are made as long as their composite has not ended. */
    private Set<JobId> family(List<JobId> jobs) {
        var family = new LinkedHashSet<>(jobs);
        var left = new ArrayDeque<>(jobs);
        while (!left.isEmpty()) {
            index.parts(left.poll()).stream().map(part -> part.run().job()).filter(family::add).forEach(left::add);
        }
        return family;
    }

    private boolean areEnded(ErasurePlan plan, Set<JobId> jobs) {
        boolean ended = true;
        for (var job : jobs) {
            for (var run : inventory.files(job).open()) {
                // Nobody would end a run whose request is gone: it is a document that a dead attempt left.
                if (ledger.request(job).isPresent()) {
                    ended = false;
                    if (ledger.cancel(run).isEmpty()) {
                        cancellation.request(new Principal(plan.tenant(), plan.actor()), run);
                        book.note(new Message.CancelRequested(run, plan.actor()), clock.instant());
                    }
                }
            }
        }
        return ended;
    }

    /** The pictures that a job showed while it ran: nothing but its events names them. */
    private Set<Digest> shown(JobId job) {
        var shown = new HashSet<Digest>();
        index.find(job).map(JobIndex.Entry::progress).ifPresent(progress -> shown.addAll(BlobNames.in(Json.tree(
                progress))));
        var page = index.events(job, -1, EVENTS_AT_ONCE);
        while (!page.isEmpty()) {
            page.forEach(event -> shown.addAll(BlobNames.in(Json.read(event.data().getBytes(StandardCharsets.UTF_8),
                    JsonNode.class))));
            page = index.events(job, page.getLast().offset(), EVENTS_AT_ONCE);
        }
        return shown;
    }

    /** The documents last: until they are gone, whoever comes after a death does all of this again. */
    private void forget(ErasurePlan plan, JobId job) {
        var erased = new Message.JobErased(job, plan.id());
        events.retractAndWait(Topics.RESULTS, job.value());
        events.publishAndWait(Topics.EVENTS, erased);
        events.publishAndWait(Topics.CONTROL, erased);
        book.note(erased, clock.instant());
        inventory.files(job).keys().stream().filter(key -> !key.equals(StoreKeys.erased(job))).forEach(store::delete);
    }

    /** Whether nothing is left that is to be removed. */
    private boolean remove(ErasurePlan plan, Found found) {
        var stock = inventory.take();
        var unnamed = new HashSet<>(found.blobs());
        unnamed.removeAll(stock.named());
        var atOnce = found.endedAt().plusSeconds(1);
        var later = stock.at().minus(PENDING);
        var removed = remover.remove(unnamed, atOnce.isAfter(later) ? atOnce : later);
        long blobs = found.removed() + removed.blobs();
        long bytes = found.bytes() + removed.bytes();
        if (!removed.spared().isEmpty()) {
            if (removed.blobs() > 0) {
                save(plan, new Found(found.jobs(), found.blobs(), found.endedAt(), blobs, bytes));
            }
            return false;
        }
        long kept = found.blobs().stream().filter(blob -> stock.named().contains(blob)).filter(blob -> store.stat(
                StoreKeys.blob(blob)).isPresent()).count();
        store.put(StoreKeys.erasureReport(plan.id()), Json.bytes(new ErasureReport(found.jobs().size(), blobs, bytes,
                kept, clock.instant())), Artifact.JSON);
        store.delete(StoreKeys.erasureBlobs(plan.id()));
        metrics.erased(found.jobs().size(), blobs, bytes);
        LOG.info("erasure {} is done: {} jobs, {} blobs with {} bytes; {} blobs stay because something else names them",
                plan.id(), found.jobs().size(), blobs, bytes, kept);
        return true;
    }

    private void save(ErasurePlan plan, Found found) {
        store.put(StoreKeys.erasureBlobs(plan.id()), Json.bytes(found), Artifact.JSON);
    }
}
