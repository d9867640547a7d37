package org.atelier.dispatcher.intake;

import java.util.Optional;

/** How many jobs of a tenant may wait. */
@FunctionalInterface
public interface QueueLimit {
    /** The limit of a tenant, if as many of its jobs wait now; empty if another may join them. */
    Optional<Integer> reached(String tenant);
}
