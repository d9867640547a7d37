package org.atelier.dispatcher.schedule;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Whose turn it is: start-time fair queueing (Goyal, Vin and Cheng 1996) over tenants, one attempt a unit of work. Each
 * tenant has a virtual time that an attempt of its moves on by one over its weight, and the earliest is next. Who had
 * nothing to do comes back at the time of the others: idleness earns no credit.
 *
 * <p>Nothing of it is stored. After a restart everybody begins level.
 */
final class FairShare {
    private final Map<String, Double> times = new HashMap<>();
    private double now;

    /** The tenant whose turn it is, of those given; at least one is. */
    String next(Collection<String> tenants) {
        return tenants.stream()
                .min(Comparator.comparingDouble(this::time).thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /** An attempt of a tenant was chosen. */
    void charge(String tenant, int weight) {
        now = time(tenant);
        times.put(tenant, now + 1.0 / weight);
        times.values().removeIf(time -> time <= now);
    }

    private double time(String tenant) {
        return Math.max(now, times.getOrDefault(tenant, now));
    }
}
