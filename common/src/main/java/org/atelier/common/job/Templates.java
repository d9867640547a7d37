package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Sentences in which a text is said to CLIP; their mean is how it is understood. */
public enum Templates {
    /** The 79 of OpenAI's ImageNet experiments ("a photo of a TEXT.", "a sculpture of the TEXT."): the published form. */
    @JsonProperty("imagenet")
    IMAGENET,
    /** The text as it is: for a CLIP that was trained on few kinds of sentences. */
    @JsonProperty("none")
    NONE
}
