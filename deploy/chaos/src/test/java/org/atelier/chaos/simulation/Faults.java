package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in one simulation: the seed chooses some kinds, so that each has simulations where it is alone with few
 * others, and then when they strike. After a while everything is whole again.
 */
final class Faults {
    private static final double ACTIVE = 0.3;

    private final Simulation simulation;
    private final History history;
    private final Set<FaultKind> active = EnumSet.noneOf(FaultKind.class);
    private final Map<FaultKind, Integer> struck = new EnumMap<>(FaultKind.class);
    private final Map<Host, Long> cutUntil = new HashMap<>();
    private final long over;
    private long storeDownUntil;
    private long kafkaDownUntil;
    private int injected;

    /** @param trouble how long things go wrong */
    Faults(Simulation simulation, History history, Duration trouble) {
        this.simulation = simulation;
        this.history = history;
        this.over = simulation.now() + trouble.toNanos();
        for (var kind : FaultKind.values()) {
            if (simulation.chance(ACTIVE)) {
                active.add(kind);
            }
        }
    }

    Set<FaultKind> active() {
        return active;
    }

    /** How often each has struck. */
    Map<FaultKind, Integer> struck() {
        return struck;
    }

    /** Whether everything is whole again for good. */
    boolean areOver() {
        return simulation.now() >= Math.max(over, Math.max(storeDownUntil, kafkaDownUntil));
    }

    /** Whether a fault strikes at this opportunity. */
    boolean strikes(FaultKind kind) {
        return strikes(kind, null);
    }

    /** Whether a fault strikes a process at this opportunity. */
    boolean strikes(FaultKind kind, @Nullable Host target) {
        boolean strikes = active.contains(kind) && simulation.now() < over && simulation.chance(kind.probability());
        if (strikes) {
            struck.merge(kind, 1, Integer::sum);
            history.add(new Fact.FaultInjected(simulation.instant(), kind + "-" + injected++, kind.toString(),
                    target == null ? null : target.toString()));
        }
        return strikes;
    }

    void cut(Host host, Duration duration) {
        cutUntil.put(host, simulation.now() + duration.toNanos());
    }

    boolean isCut(Host host) {
        return cutUntil.getOrDefault(host, 0L) > simulation.now();
    }

    void takeStoreDown(Duration duration) {
        storeDownUntil = simulation.now() + duration.toNanos();
    }

    boolean isStoreDown() {
        return storeDownUntil > simulation.now();
    }

    void takeKafkaDown(Duration duration) {
        kafkaDownUntil = simulation.now() + duration.toNanos();
    }

    boolean isKafkaDown() {
        return kafkaDownUntil > simulation.now();
    }
}
