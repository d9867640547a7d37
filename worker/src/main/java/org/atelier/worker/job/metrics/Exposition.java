package org.atelier.worker.job.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What Prometheus reads of this process: the meters of the worker, and those of its JVM. */
public final class Exposition {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WorkerMetrics metrics = new WorkerMetrics(registry);

    public Exposition() {
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** The meters of the worker. */
    public WorkerMetrics metrics() {
        return metrics;
    }

    /** All of them in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }
}
