package org.atelier.common.job;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Walks across a boundary along its normal, from faces without an attribute to faces with it (InterFaceGAN
 * {@code edit.py}, {@code linear_interpolate}).
 *
 * @param bundle     whose generator draws
 * @param tuned      a tuned form of the generator; absent: the bundle's own
 * @param boundary   that {@link BoundaryTrainRequest} made for this bundle
 * @param conditions further boundaries that the walk must not cross
 * @param sources    where the walks start
 * @param start      first position
 * @param end        last position
 * @param steps      positions, at equal distances
 * @param distance   what a position is; absent: as published, see {@link Distance}
 * @param rows       rows of w+ that move; absent: all
 * @param truncation of sources that are seeds
 * @param noise      of the generator
 * @param files      whether each position is also a picture and a latent of its own, beside the sheet of all
 */
public record BoundaryApplyRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input tuned,
        @NotNull @Valid Input boundary,
        @Size(max = BoundaryTrainRequest.MAX_CONDITIONS) List<@Valid Input> conditions,
        @NotNull @Size(min = 1, max = MAX_SOURCES) List<@Valid Source> sources,
        @DecimalMin("-1000") @DecimalMax("1000") @JsonProperty(defaultValue = "-3") Double start,
        @DecimalMin("-1000") @DecimalMax("1000") @JsonProperty(defaultValue = "3") Double end,
        @Min(1) @Max(MAX_STEPS) @JsonProperty(defaultValue = "10") Integer steps,
        @Nullable @JsonProperty Distance distance,
        @Valid @Nullable Rows rows,
        @Valid Truncation truncation,
        @Valid Noise noise,
        @JsonProperty(defaultValue = "true") Boolean files) implements JobRequest {
    /** {@code linear_interpolate}, {@code start_distance}. */
    public static final double START = -3;
    /** {@code linear_interpolate}, {@code end_distance}. */
    public static final double END = 3;
    /** {@code linear_interpolate}, {@code steps}. */
    public static final int STEPS = 10;
    /** Most sources of one job. */
    public static final int MAX_SOURCES = 64;
    /** Most positions of a walk. */
    public static final int MAX_STEPS = 64;
    /** Most positions that become files; the event of a job's end names them all and has 64 kB. */
    public static final int MAX_FILES = 128;

    public BoundaryApplyRequest {
        conditions = List.copyOf(Defaults.or(conditions, List.of()));
        sources = List.copyOf(Defaults.or(sources, List.of()));
        start = Defaults.or(start, START);
        end = Defaults.or(end, END);
        steps = Defaults.or(steps, STEPS);
        truncation = Defaults.or(truncation, Truncation.NONE);
        noise = Defaults.or(noise, Noise.CONST);
        files = Defaults.or(files, true);
    }

    /** Walks of sources, everything else as by default. */
    public static BoundaryApplyRequest of(String bundle, Input boundary, List<Source> sources) {
        return new BoundaryApplyRequest(bundle, null, boundary, List.of(), sources, START, END, STEPS, null, null,
                Truncation.NONE, Noise.CONST, true);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(sources.stream(), Stream.concat(Stream.of(boundary, tuned).filter(Objects::nonNull),
                conditions
                        .stream()));
    }

    /**
     * What a position of the walk is. Published: {@link #HYPERPLANE} for a latent of one w, {@link #SOURCE} for one whose
     * rows differ.
     */
    public enum Distance {
        /**
         * The distance of the result from the hyperplane through the origin: wherever a source is, all walks begin and end
         * with equally much of the attribute. Each row of w+ counts by itself.
         */
        @JsonProperty("hyperplane")
        HYPERPLANE,
        /** How far the result is from its source. */
        @JsonProperty("source")
        SOURCE
    }

    /**
     * Rows of w+.
     *
     * @param from first row
     * @param to   first row after them
     */
    public record Rows(@NotNull @Min(0) Integer from, @NotNull @Min(1) Integer to) {}
}
