package org.atelier.dispatcher.retention;

import java.time.Instant;

/**
 * {@code plan.json} of a garbage collection. Created once.
 *
 * @param id     its name
 * @param actor  who asked; {@value #PERIODIC} where nobody did
 * @param dryRun whether it only counts
 * @param at     when it was asked for, by the dispatcher's clock
 */
record CollectionPlan(String id, String actor, boolean dryRun, Instant at) {
    static final String PERIODIC = "dispatcher";
}
