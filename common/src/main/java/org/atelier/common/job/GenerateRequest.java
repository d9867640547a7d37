package org.atelier.common.job;

import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of seeds or stored latents.
 *
 * @param bundle     whose generator draws
 * @param sources    one picture each, in this order
 * @param truncation of the sources that are seeds, and of the seed mixed in; absent: none
 * @param noise      absent: the stored maps
 * @param mixing     style mixing; absent: none
 * @param grid       also one picture with all of them; absent: single pictures only
 * @param tuned      a tuned generator of that bundle, which draws in place of the bundle's own
 */
public record GenerateRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @NotNull @Size(min = 1, max = MAX_SOURCES) List<@Valid Source> sources,
        @Valid Truncation truncation,
        @Valid Noise noise,
        @Valid @Nullable Mixing mixing,
        @Valid @Nullable Grid grid,
        @Valid @Nullable Input tuned) implements JobRequest {
    /** Most pictures of one job; more are more jobs. The event of its end, which names each with its latent, has 64 kB. */
    public static final int MAX_SOURCES = 128;

    public GenerateRequest {
        sources = List.copyOf(Defaults.or(sources, List.of()));
        truncation = Defaults.or(truncation, Truncation.NONE);
        noise = Defaults.or(noise, Noise.CONST);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(Stream.concat(sources.stream(), Stream.ofNullable(mixing).map(Mixing::with)), Stream
                .ofNullable(tuned));
    }

    /** Single pictures of sources, everything else as by default. */
    public static GenerateRequest of(String bundle, List<Source> sources) {
        return new GenerateRequest(bundle, sources, Truncation.NONE, Noise.CONST, null, null, null);
    }

    /**
     * Style mixing: the rows from {@code row} on come from another latent (StyleGAN, section 3.1; the two-seed form of the
     * published {@code style_mixing.py}).
     *
     * @param with where the later rows come from
     * @param row  first row that does, 0 to the number of rows of the generator
     */
    public record Mixing(@NotNull @Valid Source with, @NotNull @Min(0) Integer row) {}

    /**
     * A picture of all pictures, row by row.
     *
     * @param columns pictures in a row; absent: as square as possible
     */
    public record Grid(@Min(1) @Nullable @JsonProperty Integer columns) {}
}
