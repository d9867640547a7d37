package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.atelier.common.artifact.Digest;

/** Where a picture starts: a seed, or a latent that an earlier job stored. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(Source.Seed.class), @JsonSubTypes.Type(Source.Latent.class)})
public sealed interface Source {
    /** Largest seed: NumPy's {@code RandomState} takes 32 bits. */
    long MAX_SEED = 0xFFFF_FFFFL;

    /**
     * A seed, as the published generators use it: z is {@code RandomState(seed).randn(1, z_dim)}, so seed 85 is the same
     * face as everywhere else.
     *
     * @param seed 0 to 2^32-1
     */
    record Seed(@NotNull @Min(0) @Max(MAX_SEED) long seed) implements Source {}

    /**
     * A stored latent: a safetensors blob with one tensor {@code z} [1, Z], {@code w} [1, C] or {@code w+} [1, L, C]. It
     * is used as it is: truncation applies to seeds only.
     *
     * @param latent the blob
     */
    record Latent(@NotNull Digest latent) implements Source {}
}
