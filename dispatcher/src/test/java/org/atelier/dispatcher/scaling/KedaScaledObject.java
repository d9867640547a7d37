package org.atelier.dispatcher.scaling;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * A ScaledObject with one metrics-api trigger, as KEDA handles it. Sources: {@code reference/scaledobject-spec.md} of the documents of
 * KEDA 2.19 (polling interval, cooldown, minimum, fallback and its behaviours) and {@code pkg/scaling/executor/scale_scaledobjects.go}
 * (the order of the cases). KEDA itself decides between none and some; between some and more it is the HPA that asks, through KEDA.
 */
final class KedaScaledObject implements Autoscaler {
    private final Settings settings;
    private final Endpoint endpoint;
    private final Workload workload;
    private final Hpa hpa;
    private Duration nextPoll = Duration.ZERO;
    private Duration lastActive = Duration.ZERO;
    private int failures;

    /**
     * As the chart sets it.
     *
     * @param polling          {@code pollingInterval}: how often KEDA asks
     * @param cooldown         {@code cooldownPeriod}: from the last answer above the activation value to no pod
     * @param most             {@code maxReplicaCount}; the minimum is none
     * @param slots            {@code targetValue}: slots of a pod
     * @param failureThreshold {@code fallback.failureThreshold}
     * @param fallback         {@code fallback.replicas}, with the behaviour {@code currentReplicasIfHigher}
     */
    record Settings(Duration polling, Duration cooldown, int most, int slots, int failureThreshold, int fallback) {
        /** {@code values.yaml}, and what {@code pools.yaml} adds. */
        static final Settings CHART = new Settings(Duration.ofSeconds(10), Duration.ofSeconds(600), 8, 1, 3, 1);
    }

    KedaScaledObject(Settings settings, Endpoint endpoint, Workload workload) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.workload = workload;
        this.hpa = new Hpa(settings.cooldown, settings.most, settings.slots, this::metric, workload);
    }

    @Override
    public void step(Duration now) {
        if (now.compareTo(nextPoll) >= 0) {
            nextPoll = now.plus(settings.polling);
            poll(now);
        }
        hpa.step(now);
    }

    private void poll(Duration now) {
        var answer = endpoint.ask();
        // activationTargetValue is 0, and active is what lies above.
        if (answer.orElse(0) > 0) {
            lastActive = now;
            if (workload.replicas() == 0) {
                workload.scale(1);
            }
        } else if (answer.isEmpty() && settings.fallback != 0) {
            // No trigger is active and one has an error: at once, without the threshold.
            workload.scale(Math.max(workload.replicas(), settings.fallback));
        } else if (workload.replicas() > 0 && now.compareTo(lastActive.plus(settings.cooldown)) > 0) {
            workload.scale(0);
        }
    }

    /** What the HPA is told: the number, after too many errors the one that leads to the fallback, and before that an error. */
    private OptionalInt metric() {
        var answer = endpoint.ask();
        failures = answer.isPresent() ? 0 : failures + 1;
        return answer.isEmpty() && failures > settings.failureThreshold && settings.fallback != 0
                ? OptionalInt.of(settings.slots * Math.max(workload.replicas(), settings.fallback))
                : answer;
    }
}
