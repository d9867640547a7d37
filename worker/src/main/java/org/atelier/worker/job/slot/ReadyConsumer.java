package org.atelier.worker.job.slot;

import java.time.Duration;
import java.util.Optional;

/**
 * A share consumer of a pool's ready topic, as a slot needs it: it gives one record at a time, and the record that it gave
 * is held until it is accepted or rejected, or the consumer is closed.
 *
 * <p>What the broker says is no proof of anything: an acceptance may succeed although another slot has the record. Only
 * the claim decides who runs an attempt.
 *
 * <p>An open consumer must be polled without pause: it may hold a record that nobody else gets meanwhile. To pause, close
 * it. Methods throw {@link ConsumerFailedException} when the consumer is of no more use; it is then to be closed.
 */
public interface ReadyConsumer extends AutoCloseable {
    /**
     * The next record. Not to be called while one is held.
     *
     * @param atMost how long to wait for one
     */
    Optional<Delivery> poll(Duration atMost);

    /**
     * Holds the record for another lock duration.
     *
     * @return whether the lock is still ours; if not, another slot may receive the record
     */
    boolean renew();

    /**
     * The record has done its work.
     *
     * @return whether the broker took note; if not, the record may come again
     */
    boolean accept();

    /**
     * The record can be read by nobody: it goes to the dead letters.
     *
     * @return like {@link #accept}
     */
    boolean reject();

    /** Leaves the group. A record that is held goes to another slot at once. */
    @Override
    void close();
}
