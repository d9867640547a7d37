package org.atelier.common.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a job stands. */
public enum JobState {
    /** Accepted; waits for its turn. */
    @JsonProperty("queued")
    QUEUED(false),
    /** In the ready topic of its pool; the next free slot takes it. */
    @JsonProperty("ready")
    READY(false),
    /** A worker holds the claim of its newest attempt. */
    @JsonProperty("running")
    RUNNING(false),
    /** An attempt failed; the next waits for its time. */
    @JsonProperty("retrying")
    RETRYING(false),
    /** Its newest run has a result. */
    @JsonProperty("succeeded")
    SUCCEEDED(true),
    /** Its newest run failed for good. */
    @JsonProperty("failed")
    FAILED(true),
    /** Its newest run was cancelled. */
    @JsonProperty("cancelled")
    CANCELLED(true);

    private final boolean terminal;

    JobState(boolean terminal) {
        this.terminal = terminal;
    }

    /** Whether the newest run has ended. */
    public boolean terminal() {
        return terminal;
    }
}
