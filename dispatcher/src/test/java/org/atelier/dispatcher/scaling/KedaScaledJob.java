package org.atelier.dispatcher.scaling;

import java.time.Duration;

/**
 * A ScaledJob with the scaling strategy {@code default}. Source: "Scaling Jobs" of the documents of KEDA: at each poll as many
 * new Jobs as the number, at most the maximum, is above the Jobs that have not finished; with {@code rollout: gradual} and without a fallback
 * nothing ends a Job but itself, and an error starts none.
 */
final class KedaScaledJob implements Autoscaler {
    private final Duration polling;
    private final int most;
    private final Endpoint endpoint;
    private final Workload workload;
    private Duration next = Duration.ZERO;

    KedaScaledJob(Duration polling, int most, Endpoint endpoint, Workload workload) {
        this.polling = polling;
        this.most = most;
        this.endpoint = endpoint;
        this.workload = workload;
    }

    @Override
    public void step(Duration now) {
        if (now.compareTo(next) < 0) {
            return;
        }
        next = now.plus(polling);
        endpoint.ask().ifPresent(value -> workload.scale(Math.max(workload.replicas(), Math.min(most, value))));
    }
}
