package org.atelier.dispatcher.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import org.atelier.common.job.AttemptId;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what a pool gets next: the tenant by fair share, as far as its quota goes, and of its jobs the one of highest
 * priority and longest wait. Of equal priority, a job whose bundle the pool works with already may overtake: loading
 * networks costs more than most jobs. It may do so a few times only, so that no bundle waits for ever. What no live worker
 * of the pool can run is passed over: it would only travel to a worker and back.
 *
 * <p>A choice reads a page of each tenant that has a turn, and nothing of those who wait behind it.
 */
final class Backlog {
    /** How many times in a row a tenant's first job may be overtaken for the sake of its bundle. */
    static final int MOST_OVERTAKINGS = 8;
    /** How far behind its tenant's first job one is looked for that may overtake. */
    static final int WINDOW = 32;

    private final RunBook book;
    private final Tenants tenants;
    private final Workers workers;
    private final Map<String, FairShare> shares = new HashMap<>();
    private final Map<Place, Integer> overtakings = new HashMap<>();

    private record Place(String pool, String tenant) {}

    Backlog(RunBook book, Tenants tenants, Workers workers) {
        this.book = book;
        this.tenants = tenants;
        this.workers = workers;
    }

    /**
     * The next attempts of a pool, in order.
     *
     * @param active what was fed or runs now, in all pools; what is chosen counts as well from then on
     */
    List<AttemptId> next(String pool, int room, ActiveCounts active) {
        var share = shares.computeIfAbsent(pool, name -> new FairShare());
        var turns = new TreeSet<>(book.tenantsWaiting(pool));
        overtakings.keySet().removeIf(place -> place.pool.equals(pool) && !turns.contains(place.tenant));
        var able = workers.able(pool);
        var pages = new HashMap<String, List<Waiting>>();
        var chosen = new ArrayList<AttemptId>();
        while (chosen.size() < room) {
            turns.removeIf(tenant -> !mayRun(tenant, active));
            if (turns.isEmpty()) {
                break;
            }
            var tenant = share.next(turns);
            var page = pages.computeIfAbsent(tenant, name -> new ArrayList<>(book.waiting(pool, name, able,
                    room + WINDOW)));
            if (page.isEmpty()) {
                turns.remove(tenant);
                continue;
            }
            var next = take(new Place(pool, tenant), page, active.bundles(pool));
            chosen.add(next.attempt());
            active.add(pool, tenant, next.bundle());
            share.charge(tenant, tenants.of(tenant).weight());
        }
        return chosen;
    }

    private boolean mayRun(String tenant, ActiveCounts active) {
        return tenants.of(tenant).running().map(most -> active.of(tenant) < most).orElse(true);
    }

    private Waiting take(Place place, List<Waiting> page, Set<String> hot) {
        int index = overtakings.getOrDefault(place, 0) < MOST_OVERTAKINGS ? hottest(page, hot) : 0;
        if (index == 0) {
            overtakings.remove(place);
        } else {
            overtakings.merge(place, 1, Integer::sum);
        }
        return page.remove(index);
    }

    /** The first of the highest priority whose bundle is hot; where none is, the first. */
    private static int hottest(List<Waiting> page, Set<String> hot) {
        int priority = page.getFirst().priority();
        for (int index = 0; index < Math.min(page.size(), WINDOW) && page.get(index).priority() == priority; index++) {
            if (hot.contains(page.get(index).bundle())) {
                return index;
            }
        }
        return 0;
    }

    /** Counts of what was fed or runs now; asked for when first needed, and then once. */
    static final class ActiveCounts {
        private final Supplier<List<Active>> source;
        private @Nullable List<Active> active;

        ActiveCounts(Supplier<List<Active>> source) {
            this.source = source;
        }

        private List<Active> active() {
            if (active == null) {
                active = new ArrayList<>(source.get());
            }
            return active;
        }

        /** Attempts of a tenant, in all pools. */
        int of(String tenant) {
            return active().stream().filter(one -> one.tenant().equals(tenant)).mapToInt(Active::attempts).sum();
        }

        /** Attempts of a pool, of all tenants. */
        int of(String pool, ToIntFunction<Active> count) {
            return active().stream().filter(one -> one.pool().equals(pool)).mapToInt(count).sum();
        }

        /** The bundles that a pool works with. */
        Set<String> bundles(String pool) {
            return active().stream()
                    .filter(one -> one.pool().equals(pool))
                    .map(Active::bundle)
                    .collect(Collectors.toSet());
        }

        private void add(String pool, String tenant, String bundle) {
            active().add(new Active(pool, tenant, bundle, 1, 0));
        }
    }
}
