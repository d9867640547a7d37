package org.atelier.common.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * One network of a bundle.
 *
 * @param architecture what builds it; generators are {@code stylegan1}, {@code stylegan2} and {@code stylegan3}
 * @param file         its safetensors file, beside {@code bundle.json}
 * @param sha256       of that file, 64 hexadecimal digits
 * @param config       the architecture's hyper-parameters; each architecture documents its own
 * @param preprocess   how pictures are prepared for it; absent where the architecture leaves no choice
 * @param tokenizer    a text tower's vocabulary files; absent: the 49,408 tokens of the published CLIP
 * @param backbone     the network whose features it reads; absent where it stands alone
 */
public record NetworkCard(
        String architecture,
        String file,
        String sha256,
        JsonNode config,
        @Nullable JsonNode preprocess,
        @Nullable TokenizerCard tokenizer,
        @Nullable String backbone) {
    public NetworkCard {
        config = config == null ? JsonNodeFactory.instance.objectNode() : config;
    }

    /**
     * A whole-number hyper-parameter.
     *
     * @throws IllegalArgumentException if the card does not have it
     */
    public int intConfig(String name) {
        var value = config.get(name);
        if (value == null || !value.isInt()) {
            throw new IllegalArgumentException(
                    "the card of " + file + " has no whole number \"" + name + "\" in its config: " + value);
        }
        return value.intValue();
    }
}
