package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where an edit moves, as the papers name the spaces. */
public enum LatentSpace {
    /** What a seed gives: [N, Z]. */
    @JsonProperty("z")
    Z("z"),
    /** One w for all rows of the generator: [N, C]. */
    @JsonProperty("w")
    W("w"),
    /** One w for each row of the generator: [N, L, C]. */
    @JsonProperty("w+")
    W_PLUS("w+"),
    /** StyleSpace: the style of each layer, [N, channels]. */
    @JsonProperty("s")
    S("s");

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
