package org.atelier.worker.job.attempt;

/** What is to become of the record that brought an attempt. */
public enum Settlement {
    /** Everything that had to be told is told and durable: the record has done its work. */
    TOLD,
    /** Something could not be told: the record is to come again, so that whoever receives it tells it. */
    UNTOLD
}
