package org.atelier.common.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a run ended. */
public enum Outcome {
    /** It has its result. */
    @JsonProperty("succeeded")
    SUCCEEDED,
    /** Its last attempt failed. */
    @JsonProperty("failed")
    FAILED,
    /** It was cancelled. */
    @JsonProperty("cancelled")
    CANCELLED
}
