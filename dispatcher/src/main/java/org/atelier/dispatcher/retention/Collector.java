package org.atelier.dispatcher.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.schedule.Tenants;
import org.atelier.dispatcher.schedule.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the garbage collections that somebody asked for, and one every so often. With each that is no dry run, and with each that
 * nobody asked for, the jobs are given to the eraser whose tenant keeps none that old.
 */
final class Collector {
    /** How often it is looked whether it is time. */
    private static final Duration LOOK = Duration.ofMinutes(1);
    /** How long the reports are kept. */
    private static final Duration REPORTS = Duration.ofDays(30);
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    private final ObjectStore store;
    private final Inventory inventory;
    private final Sweeper sweeper;
    private final Erasures erasures;
    private final Tenants tenants;
    private final RetentionSettings settings;
    private final Metrics metrics;
    private final Ticker ticker;
    private final Clock clock;
    private long looked;

    Collector(ObjectStore store, Inventory inventory, Sweeper sweeper, Erasures erasures, Tenants tenants,
            RetentionSettings settings, Metrics metrics, Ticker ticker, Clock clock) {
        this.store = store;
        this.inventory = inventory;
        this.sweeper = sweeper;
        this.erasures = erasures;
        this.tenants = tenants;
        this.settings = settings;
        this.metrics = metrics;
        this.ticker = ticker;
        this.clock = clock;
        this.looked = ticker.nanos() - LOOK.toNanos();
    }

    /** Makes those that are to be made. */
    void step() {
        List<StoredObject> objects;
        try (var listed = store.list(StoreKeys.COLLECTIONS)) {
            objects = listed.toList();
        }
        var keys = objects.stream().map(StoredObject::key).collect(Collectors.toSet());
        for (var key : keys) {
            if (key.endsWith("/plan.json") && !keys.contains(key.replace("/plan.json", "/report.json"))) {
                store.get(key).ifPresent(bytes -> collect(Json.read(bytes, CollectionPlan.class)));
            }
        }
        if (settings.interval().isPositive() && ticker.nanos() - looked >= LOOK.toNanos()) {
            looked = ticker.nanos();
            sometimes(objects);
        }
    }

    /** When it was last, and how long ago, the store says: other dispatchers and earlier lives of this one count. */
    private void sometimes(List<StoredObject> objects) {
        var now = StoreTime.now(store);
        var last = objects.stream()
                .filter(object -> object.key().startsWith(StoreKeys.COLLECTIONS + CollectionPlan.PERIODIC))
                .map(StoredObject::lastModified)
                .max(Instant::compareTo);
        objects.stream().filter(object -> object.lastModified().isBefore(now.minus(REPORTS))).forEach(object -> store
                .delete(object.key()));
        if (last.filter(now.minus(settings.interval())::isBefore).isPresent()) {
            return;
        }
        var plan = new CollectionPlan(CollectionPlan.PERIODIC + "-" + UUID.randomUUID(), CollectionPlan.PERIODIC,
                !settings.sweep(), clock.instant());
        store.createIfAbsent(StoreKeys.collectionPlan(plan.id()), Json.bytes(plan), Artifact.JSON);
        collect(plan);
    }

    private void collect(CollectionPlan plan) {
        var stock = inventory.take();
        var expired = expired(stock);
        boolean enforced = !plan.dryRun() || plan.actor().equals(CollectionPlan.PERIODIC);
        if (enforced) {
            expired.forEach((tenant, jobs) -> erase(plan, tenant, jobs));
        }
        var result = sweeper.sweep(stock, plan.dryRun());
        long jobs = expired.values().stream().mapToLong(List::size).sum();
        var held = stock.openSince().map(StoreTime::cut).filter(stock.at().minus(settings.grace())::isAfter);
        store.put(StoreKeys.collectionReport(plan.id()), Json.bytes(new CollectionView(plan.id(), plan.dryRun(), true,
                result.orphans(), result.orphanBytes(), result.swept(), result.sweptBytes(), result.young(), jobs,
                (long) stock.named().size(), held.orElse(null), clock.instant())), Artifact.JSON);
        metrics.collected(result.orphans(), result.orphanBytes(), result.swept(), result.sweptBytes());
        LOG.info(
                "garbage collection {}: {} blobs with {} bytes are named by nothing, {} of them were removed{}; {} jobs are"
                        + " older than their tenant keeps them{}", plan.id(), result.orphans(), result.orphanBytes(),
                result
                        .swept(), plan.dryRun() ? " (it only counts)" : "", jobs, enforced ? " and are erased" : "");
    }

    /**
     * The jobs that are too old, by tenant. A part goes with its composite job and not before; what an open job needs stays
     * until that has ended.
     */
    private Map<String, List<JobId>> expired(Inventory.Stock stock) {
        var expired = new HashSet<JobId>();
        var there = new HashSet<>(stock.open());
        stock.ended().forEach(job -> there.add(job.job()));
        stock.ended().stream()
                .filter(job -> !stock.needed().contains(job.job()))
                .filter(job -> job.composite() == null || !there.contains(job.composite()))
                .filter(job -> tenants.of(job.tenant()).retention().filter(kept -> job.endedAt().isBefore(stock.at()
                        .minus(
                                kept))).isPresent())
                .forEach(job -> expired.add(job.job()));
        var byTenant = new TreeMap<String, List<JobId>>();
        for (var job : stock.ended()) {
            if (expired.contains(job.job()) || goesWith(job, expired, stock)) {
                byTenant.computeIfAbsent(job.tenant(), tenant -> new ArrayList<>()).add(job.job());
            }
        }
        return byTenant;
    }

    private static boolean goesWith(Inventory.EndedJob part, Set<JobId> expired, Inventory.Stock stock) {
        return Optional.ofNullable(part.composite()).filter(expired::contains).isPresent() && !stock.needed().contains(
                part.job());
    }

    private void erase(CollectionPlan plan, String tenant, List<JobId> jobs) {
        for (int start = 0; start < jobs.size(); start += Erasures.MOST_JOBS) {
            var some = jobs.subList(start, Math.min(jobs.size(), start + Erasures.MOST_JOBS));
            erasures.create(new Principal(tenant, CollectionPlan.PERIODIC), new ErasurePlan(UUID.randomUUID()
                    .toString(),
                    tenant, CollectionPlan.PERIODIC, "retention " + plan.id(), null, List.copyOf(some), clock
                            .instant()),
                    "job.expire");
        }
    }
}
