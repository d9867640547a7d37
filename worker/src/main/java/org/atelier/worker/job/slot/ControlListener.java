package org.atelier.worker.job.slot;

/** Listens to what is broadcast to all workers. Driven from outside, by one thread. */
public interface ControlListener {
    /**
     * Listens a little. Never throws.
     *
     * @return false once it has been stopped
     */
    boolean turn();

    /** Listens no more; may be called by any thread. */
    void stop();
}
