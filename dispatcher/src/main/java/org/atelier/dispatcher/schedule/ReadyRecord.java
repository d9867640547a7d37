package org.atelier.dispatcher.schedule;

/**
 * Where the record of a fed attempt lies in the ready topic of its pool.
 *
 * @param partition of the topic
 * @param offset    in the partition; negative where the record is gone, or nobody knows where it lies
 */
public record ReadyRecord(int partition, long offset) {
    private static final long GONE = -1;

    /** A record that a worker gave back, and so will not be delivered again; or that nobody remembers. */
    public static ReadyRecord gone() {
        return new ReadyRecord(0, GONE);
    }

    /** Whether nobody will get the record any more, as far as was known when this was written. */
    public boolean isGone() {
        return offset < 0;
    }
}
