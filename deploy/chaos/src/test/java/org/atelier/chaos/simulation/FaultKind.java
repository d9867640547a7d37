package org.atelier.chaos.simulation;

import java.util.Locale;

/** What can go wrong. */
enum FaultKind {
    /** A worker is killed, before or after any of its calls has had its effect. */
    CRASH_WORKER(0.01),
    /** A worker stands still for up to a minute and goes on, at any of its calls. */
    FREEZE_WORKER(0.006),
    /** A worker can reach nobody for a while. */
    CUT_WORKER(0.006),
    /** A worker is told to leave, and killed after its grace period. */
    PREEMPT_WORKER(0.02),
    /** A dispatcher is killed, before or after any of its calls has had its effect. */
    CRASH_DISPATCHER(0.005),
    /** A dispatcher stands still at any of its calls, and another one takes over beside it. */
    FREEZE_DISPATCHER(0.003),
    /** A dispatcher loses its projection when it is killed. */
    LOSE_PROJECTION(0.5),
    /** The store answers nobody for a while. */
    STORE_DOWN(0.01),
    /** A call to the store fails; it may have had its effect. */
    STORE_ERROR(0.02),
    /** A call to the store takes long. */
    STORE_SLOW(0.02),
    /** The brokers answer nobody for a while; whoever held a record has lost it. */
    KAFKA_DOWN(0.01),
    /** A record is not acknowledged; it may have been written. */
    PUBLISH_ERROR(0.02),
    /** An event that nobody waits for is lost. */
    LOST_EVENT(0.1),
    /** An event arrives late. */
    LATE_EVENT(0.05),
    /** A dispatcher reads records again that it has read. */
    READ_AGAIN(0.02),
    /** The share group gives up a record that nobody may have seen. */
    ARCHIVED_RECORD(0.03),
    /** A record is delivered to another slot too. */
    LOST_LOCK(0.03),
    /** The device runs out of memory in a step. */
    OUT_OF_MEMORY(0.03),
    /** The losses become NaN in a step. */
    DIVERGED(0.01);

    private final double probability;

    FaultKind(double probability) {
        this.probability = probability;
    }

    /** How likely it is at an opportunity, in a simulation that has it. */
    double probability() {
        return probability;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
