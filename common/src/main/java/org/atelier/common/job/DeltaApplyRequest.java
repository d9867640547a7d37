package org.atelier.common.job;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Edits by a delta mapper, each in milliseconds: every source by every prompt at every strength. With
 * {@code d = s (E(text) - E(neutral))} the latent becomes {@code w + M(w, e, d) - M(w, e, 0)}.
 *
 * @param bundle     whose networks are used
 * @param mapper     what {@code delta-train} made; absent: the bundle's own
 * @param tuned      a tuned generator that draws in place of the bundle's own; absent: the bundle's own
 * @param sources    the pictures that are edited
 * @param prompts    what they should show
 * @param strengths  how far to go, 1 is as far as from the neutral texts to the prompt; absent: for each edit the first of
 *                   {@link #ADAPTIVE} that reaches {@link #ADAPTIVE_SHARE} of the best gain in cosine
 * @param truncation of sources that are seeds
 * @param noise      of the generator
 */
public record DeltaApplyRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input mapper,
        @Valid @Nullable Input tuned,
        @NotNull @Size(min = 1, max = MAX_EDITS) List<@NotNull @Valid Source> sources,
        @NotNull @Size(min = 1, max = MAX_EDITS) List<@NotNull @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = "\\S") String> prompts,
        @Size(max = MAX_EDITS) List<@NotNull @DecimalMin("-10") @DecimalMax("10") Double> strengths,
        @Valid Truncation truncation,
        @Valid Noise noise) implements JobRequest {
    /** Most edits of one job; more are more jobs. The event of its end names each with its latent and has 64 kB. */
    public static final int MAX_EDITS = 128;
    /** The strengths that are tried where none is given. */
    public static final List<Double> ADAPTIVE = List.of(0.5, 0.8, 1.1, 1.4, 1.7, 2.0);
    /** Share of the best gain that is enough: the rest costs more of the face than it is worth. Measured on avatar-128. */
    public static final double ADAPTIVE_SHARE = 0.9;

    public DeltaApplyRequest {
        sources = List.copyOf(Defaults.or(sources, List.of()));
        prompts = List.copyOf(Defaults.or(prompts, List.of()));
        strengths = List.copyOf(Defaults.or(strengths, List.of()));
        truncation = Defaults.or(truncation, Truncation.psi(OptimizeRequest.TRUNCATION));
        noise = Defaults.or(noise, Noise.CONST);
    }

    /** Everything else as by default. */
    public static DeltaApplyRequest of(String bundle, List<Source> sources, List<String> prompts) {
        return new DeltaApplyRequest(bundle, null, null, sources, prompts, null, null, null);
    }

    /** How many pictures are made. */
    public int edits() {
        return sources.size() * prompts.size() * Math.max(1, strengths.size());
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(sources.stream(), Stream.of(mapper, tuned).filter(Objects::nonNull));
    }
}
