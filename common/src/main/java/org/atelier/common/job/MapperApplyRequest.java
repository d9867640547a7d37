package org.atelier.common.job;

import java.util.List;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Moves latents by a trained mapper: w' = w + strength * factor * M(w). Every source is edited at every strength.
 *
 * @param bundle     whose generator draws
 * @param tuned      a tuned generator instead of the bundle's own; absent: the bundle's own
 * @param mapper     what {@code mapper-train} made ({@value #MAPPER}), or an imported one
 * @param sources    what is edited
 * @param strengths  1 is what the mapper was trained for, 0 leaves the picture, negative ones go the other way
 * @param factor     what the mapper's output is multiplied by; absent: what it was trained with, as its file says, and where
 *                   the file is silent, as published ones are, {@value MapperTrainRequest#FACTOR}
 * @param truncation of sources that are seeds
 * @param noise      absent: the stored maps
 */
public record MapperApplyRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input tuned,
        @NotNull @Valid Input mapper,
        @NotNull @Size(min = 1, max = MAX_PICTURES) List<@Valid Source> sources,
        @Size(min = 1, max = MAX_STRENGTHS) List<@DecimalMin("-10") @DecimalMax("10") Double> strengths,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("100") @Nullable Double factor,
        @Valid Truncation truncation,
        @Valid Noise noise) implements JobRequest {
    /** What the file of a trained mapper is called. */
    public static final String MAPPER = "mapper.safetensors";
    /** Most pictures of one job, sources times strengths; more are more jobs. The event of its end names each with its latent. */
    public static final int MAX_PICTURES = GenerateRequest.MAX_SOURCES;
    /** Most strengths. */
    public static final int MAX_STRENGTHS = 16;

    /** As the mapper was trained. */
    private static final List<Double> STRENGTHS = List.of(1.0);

    public MapperApplyRequest {
        sources = List.copyOf(Defaults.or(sources, List.of()));
        strengths = List.copyOf(Defaults.or(strengths, STRENGTHS));
        truncation = Defaults.or(truncation, Truncation.NONE);
        noise = Defaults.or(noise, Noise.CONST);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(sources.stream(), Stream.concat(Stream.of(mapper), Stream.ofNullable(tuned)));
    }
}
