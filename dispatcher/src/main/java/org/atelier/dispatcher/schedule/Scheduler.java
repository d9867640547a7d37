package org.atelier.dispatcher.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of all decisions, in the order in which they build on each other: who is lost, what follows a failure, what is
 * cancelled, what is fed.
 *
 * <p>Each part stands alone: while the store is away nobody is declared lost, but jobs are still fed. What a round could
 * not do, the next does, since every decision is made afresh from the book.
 */
public final class Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    private final List<Part> parts;
    private final Metrics metrics;
    private final Map<String, Outage> outages = new HashMap<>();

    /**
     * A part of a round.
     *
     * @param name what it does, as the log completes "cannot ..."
     * @param step does it
     */
    public record Part(String name, Runnable step) {}

    public Scheduler(List<Part> parts, Metrics metrics) {
        this.parts = List.copyOf(parts);
        this.metrics = metrics;
    }

    /** Makes a round. */
    public void step() {
        parts.forEach(this::step);
    }

    private void step(Part part) {
        try {
            part.step.run();
            outages.remove(part.name);
        } catch (RuntimeException e) {
            var outage = Outage.of(e);
            metrics.outage(outage.map(Outage::name).orElse("DEFECT"));
            if (outage.isEmpty()) {
                LOG.error("a defect: the dispatcher could not {}; it tries again in the next round", part.name, e);
            } else if (outages.put(part.name, outage.get()) != outage.get()) {
                LOG.warn("the dispatcher cannot {} while {} is away; it tries again in each round ({})", part.name,
                        outage.get(), e.getMessage());
            }
        }
    }
}
