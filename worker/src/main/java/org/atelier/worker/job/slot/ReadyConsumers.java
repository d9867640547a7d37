package org.atelier.worker.job.slot;

/** Opens share consumers of one pool. */
@FunctionalInterface
public interface ReadyConsumers {
    /**
     * A new member of the pool's share group.
     *
     * @throws ConsumerFailedException if it cannot be opened
     */
    ReadyConsumer open();
}
