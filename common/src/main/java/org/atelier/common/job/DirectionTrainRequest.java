package org.atelier.common.job;

import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
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
 * Measures how each single channel of StyleSpace moves CLIP's view of a picture: the table of StyleCLIP's global
 * directions (Patashnik et al. 2021, section 6; its {@code global_directions/}). It is made once for a bundle; any number
 * of texts then costs milliseconds ({@link DirectionApplyRequest}).
 *
 * <p>A job may measure a part of the channels, so that a fleet shares the work, and a job may put such parts together.
 *
 * @param bundle      whose generator and CLIP are measured
 * @param tuned       a tuned form of the generator; absent: the bundle's own
 * @param statistics  of the styles
 * @param images      pictures that each channel is measured on: the first ones of the sampled latents
 * @param strength    how far a channel is moved to both sides of its mean, in standard deviations
 * @param measurement what becomes of a channel that was measured
 * @param channels    the part that is measured; absent: all
 * @param merge       tables of parts that together hold every channel; nothing is measured, and everything else in this
 *                    request but the batch must be as it was for them
 * @param batch       pictures that are drawn at once
 * @param shards      jobs that share the work: with more than one this is a composite job, whose parts measure a part of
 *                    the channels each and whose last part puts them together; the table is the same
 * @param given       published directions, in place of measuring any: StyleCLIP's {@code fs3.npy}, float32 [N, E], for the
 *                    first N channels in their order; those after them move nothing. Only the statistics are computed
 */
public record DirectionTrainRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input tuned,
        @Valid Statistics statistics,
        @Min(1) @Max(MAX_IMAGES) @JsonProperty(defaultValue = "100") Integer images,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("100") @JsonProperty(defaultValue = "5") Double strength,
        @JsonProperty(defaultValue = "isolated") Measurement measurement,
        @Valid @Nullable Channels channels,
        @Size(max = MAX_PARTS) List<@Valid Input> merge,
        @Min(1) @Max(1_024) @JsonProperty(defaultValue = "8") Integer batch,
        @Min(1) @Max(MAX_SHARDS) @JsonProperty(defaultValue = "1") Integer shards,
        @Valid @Nullable Input given) implements JobRequest {
    /** {@code SingleChannel.py}: pictures a channel. */
    public static final int IMAGES = 100;
    /** {@code SingleChannel.py}: standard deviations to both sides; stylegan3-editing takes 5 for faces and 10 for others. */
    public static final double STRENGTH = 5;
    /** Pictures at once: about 4 GB at 1024 px. */
    public static final int BATCH = 8;
    /** Most pictures a channel. */
    public static final int MAX_IMAGES = 10_000;
    /** Most parts that are put together. */
    public static final int MAX_PARTS = 1_000;
    /** Most jobs that share the work. */
    public static final int MAX_SHARDS = 256;
    /** What the table is called among the results. */
    public static final String TABLE = "directions.safetensors";
    /** What a job that gives published directions calls them, where a request does not say. */
    public static final String GIVEN = "fs3.npy";

    public DirectionTrainRequest {
        statistics = Defaults.or(statistics, Statistics.STYLECLIP);
        images = Defaults.or(images, IMAGES);
        strength = Defaults.or(strength, STRENGTH);
        measurement = Defaults.or(measurement, Measurement.ISOLATED);
        merge = List.copyOf(Defaults.or(merge, List.of()));
        batch = Defaults.or(batch, BATCH);
        shards = Defaults.or(shards, 1);
    }

    /** One job that does all of it. */
    public DirectionTrainRequest(String bundle, @Nullable Input tuned, Statistics statistics, Integer images,
            Double strength, Measurement measurement, @Nullable Channels channels, List<Input> merge, Integer batch) {
        this(bundle, tuned, statistics, images, strength, measurement, channels, merge, batch, 1, null);
    }

    /** The whole table of a bundle, everything else as by default. */
    public static DirectionTrainRequest of(String bundle) {
        return new DirectionTrainRequest(bundle, null, Statistics.STYLECLIP, IMAGES, STRENGTH, Measurement.ISOLATED,
                null, List.of(), BATCH);
    }

    @Override
    public boolean composite() {
        return shards > 1;
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(Stream.empty(), Stream.of(merge.stream(), Stream.ofNullable(tuned),
                Stream.ofNullable(given)).flatMap(inputs -> inputs));
    }

    /**
     * Mean and standard deviation of each channel, over the styles of sampled latents.
     *
     * @param samples    how many latents: the rows of {@code RandomState(seed).randn(samples, z_dim)}
     * @param seed       of the latents
     * @param truncation of the latents
     * @param rows       which rows it is applied to
     */
    public record Statistics(
            @Min(2) @Max(10_000_000) @JsonProperty(defaultValue = "100000") Integer samples,
            @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "5") Long seed,
            @Valid Truncation truncation,
            @JsonProperty(defaultValue = "each") TruncatedRows rows) {
        /** {@code GetCode.py}, but for its rows: {@link Rows#FIRST} is what it does, {@link Rows#EACH} what it means. */
        public static final Statistics STYLECLIP = new Statistics(100_000, 5L, new Truncation(0.7, 8),
                TruncatedRows.EACH);
        /** stylegan3-editing, {@code styleclip_global_directions/preprocess}. */
        public static final Statistics STYLEGAN3_EDITING = new Statistics(100_000, 0L, new Truncation(0.5, 8),
                TruncatedRows.EACH);

        public Statistics {
            samples = Defaults.or(samples, 100_000);
            seed = Defaults.or(seed, 5L);
            truncation = Defaults.or(truncation, new Truncation(0.7, 8));
            rows = Defaults.or(rows, TruncatedRows.EACH);
        }
    }

    /** How the truncation is applied to the rows of a latent. */
    public enum TruncatedRows {
        /** To each row up to its cutoff: StyleCLIP's PyTorch path and stylegan3-editing. */
        @JsonProperty("each")
        EACH,
        /** Row 0 is truncated and stands for all, whatever the cutoff: StyleCLIP's {@code GetCode.py}. */
        @JsonProperty("first")
        FIRST
    }

    /** What becomes of a channel that was measured. */
    public enum Measurement {
        /** It gets its own value back, so that each channel is measured on unchanged pictures. */
        @JsonProperty("isolated")
        ISOLATED,
        /**
         * It stays at its mean for all channels and layers after it: what {@code SingleChannel.py} does by a shallow copy.
         * The published tables have it built in; the later a channel, the more alike its pictures.
         */
        @JsonProperty("published")
        PUBLISHED
    }

    /** A part of the channels. They are counted through the layers, without colour layers and a StyleGAN3's input. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(Channels.Range.class), @JsonSubTypes.Type(Channels.Part.class)})
    public sealed interface Channels {
        /**
         * From one channel to before another.
         *
         * @param from first channel, counted from 0
         * @param to   first channel after the part
         */
        record Range(@NotNull @Min(0) Integer from, @NotNull @Min(1) Integer to) implements Channels {}

        /**
         * One of several parts of about equal size, for those who do not know how many channels there are.
         *
         * @param part which one, counted from 0
         * @param of   how many there are
         */
        record Part(@NotNull @Min(0) Integer part, @NotNull @Min(1) @Max(MAX_PARTS) Integer of) implements Channels {}
    }
}
