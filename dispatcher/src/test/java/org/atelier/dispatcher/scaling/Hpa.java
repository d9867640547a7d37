package org.atelier.dispatcher.scaling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A HorizontalPodAutoscaler with one external metric of the target type AverageValue. Source: "Horizontal Pod Autoscaling" of the
 * documents of Kubernetes: a round every 15 s ({@code --horizontal-pod-autoscaler-sync-period}); {@code ceil(metric / target)},
 * but nothing within a tenth of what there is ({@code --horizontal-pod-autoscaler-tolerance}); nothing without a metric; nothing
 * of a target with no replicas; downwards the highest recommendation of the stabilisation window; policies bound the change in
 * their period, counted from what there was at its beginning.
 */
final class Hpa implements Autoscaler {
    private static final Duration SYNC = Duration.ofSeconds(15);
    private static final double TOLERANCE = 0.1;
    /** The policies of the chart: up by 4 pods in 30 s, down by 1 in 120 s. */
    private static final Policy UP = new Policy(4, Duration.ofSeconds(30));
    private static final Policy DOWN = new Policy(1, Duration.ofSeconds(120));

    private final Duration stabilisation;
    private final int most;
    private final int target;
    private final Endpoint metric;
    private final Workload workload;
    private final Deque<Recommendation> recommendations = new ArrayDeque<>();
    private final Deque<Change> changes = new ArrayDeque<>();
    private Duration next = Duration.ZERO;

    private record Policy(int pods, Duration period) {}

    private record Recommendation(Duration at, int replicas) {}

    private record Change(Duration at, int by) {}

    Hpa(Duration stabilisation, int most, int target, Endpoint metric, Workload workload) {
        this.stabilisation = stabilisation;
        this.most = most;
        this.target = target;
        this.metric = metric;
        this.workload = workload;
    }

    @Override
    public void step(Duration now) {
        if (now.compareTo(next) < 0) {
            return;
        }
        next = now.plus(SYNC);
        if (workload.replicas() == 0) {
            return;
        }
        metric.ask().ifPresent(value -> decide(now, value));
    }

    private void decide(Duration now, int value) {
        int current = workload.replicas();
        double ratio = (double) value / (target * current);
        int wanted = Math.abs(ratio - 1) <= TOLERANCE ? current : Math.ceilDiv(value, target);
        int bounded = Math.clamp(wanted, 1, most);
        recommendations.add(new Recommendation(now, bounded));
        recommendations.removeIf(one -> one.at.plus(stabilisation).compareTo(now) < 0);
        // Upwards the window is 0: the newest counts.
        int stable = bounded >= current
                ? bounded
                : Math.min(current, recommendations.stream().mapToInt(Recommendation::replicas).max().orElse(bounded));
        int next = stable > current
                ? Math.min(stable, Math.max(current, current - changed(now, UP, 1) + UP.pods))
                : Math.max(stable, Math.min(current, current - changed(now, DOWN, -1) - DOWN.pods));
        if (next != current) {
            changes.add(new Change(now, next - current));
            workload.scale(next);
        }
    }

    /** What was changed in a direction since the policy's period began, by sign. */
    private int changed(Duration now, Policy policy, int direction) {
        return changes.stream().filter(change -> change.at.plus(policy.period).compareTo(now) > 0 && Integer.signum(
                change.by) == direction).mapToInt(Change::by).sum();
    }
}
