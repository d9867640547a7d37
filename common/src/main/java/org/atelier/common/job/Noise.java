package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * Which per-pixel noise a StyleGAN2 generator adds. (StyleGAN3 has none and ignores it.)
 *
 * @param mode where the noise comes from
 * @param seed of {@link Mode#RANDOM}: the noise is a function of it, so that a random-noise picture can be made again
 */
public record Noise(
        @JsonProperty(defaultValue = "const") Mode mode,
        @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "0") Long seed) {
    /** The stored noise maps: the default, because an edit should change what the text says and nothing else. */
    public static final Noise CONST = new Noise(Mode.CONST, 0L);

    public Noise {
        mode = Defaults.or(mode, Mode.CONST);
        seed = Defaults.or(seed, 0L);
    }

    /** Where the noise comes from. */
    public enum Mode {
        /** The noise maps stored with the generator. */
        @JsonProperty("const")
        CONST,
        /** Fresh normal noise from the seed. */
        @JsonProperty("random")
        RANDOM,
        /** No noise. */
        @JsonProperty("none")
        NONE,
        /**
         * The maps that an inversion optimised together with the latent: the edit starts from the picture that the inversion
         * shows. Every source must be the result of an {@code invert} job that optimised them.
         */
        @JsonProperty("source")
        SOURCE
    }
}
