package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where an edit moves, as the papers name the spaces. */
public enum LatentSpace {
    /** One w for each row of the generator: [N, L, C]. */
    @JsonProperty("w+")
    W_PLUS("w+");

    private final String wireName;

    LatentSpace(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and latent files. */
    @JsonValue
    public String wireName() {
        return wireName;
    }
}
