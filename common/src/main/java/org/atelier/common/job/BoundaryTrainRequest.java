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
 * Finds the hyperplane that separates faces with an attribute from faces without (InterFaceGAN, Shen et al. 2020; its
 * {@code utils/manipulator.py}): a linear support vector machine on the latents with the highest and the lowest scores.
 *
 * @param bundle     whose generator's latents these are
 * @param tuned      a tuned form of the generator; absent: the bundle's own
 * @param labels     where the scores come from
 * @param samples    latents that are scored: the rows of {@code RandomState(seed).randn(samples, z_dim)}, mapped; not used
 *                   with {@link Labels.File}
 * @param seed       of the latents, and of the split
 * @param chosen     how many of the highest and of the lowest scores are used
 * @param trainShare share of them that trains; the others validate
 * @param split      which of them train
 * @param c          price of an error of the support vector machine
 * @param conditions boundaries that a walk along this one must not cross: their normals are projected out
 * @param batch      pictures that are drawn and looked at together
 * @param space      where the hyperplane lies
 */
public record BoundaryTrainRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input tuned,
        @NotNull @Valid Labels labels,
        @Min(4) @Max(MAX_SAMPLES) @JsonProperty(defaultValue = "10000") Integer samples,
        @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "0") Long seed,
        @Valid Chosen chosen,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @JsonProperty(defaultValue = "0.7") Double trainShare,
        @JsonProperty(defaultValue = "shuffled") Split split,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000000") @JsonProperty(defaultValue = "1") Double c,
        @Size(max = MAX_CONDITIONS) List<@Valid Input> conditions,
        @Min(1) @Max(1_024) @JsonProperty(defaultValue = "8") Integer batch,
        @JsonProperty(defaultValue = "w") Space space) implements JobRequest {
    /** Enough for two percent of them to be some hundred; the authors used 500,000. */
    public static final int SAMPLES = 10_000;
    /** {@code train_boundary.py --split_ratio}. */
    public static final double TRAIN_SHARE = 0.7;
    /** The default of the support vector machine that {@code manipulator.py} uses. */
    public static final double C = 1;
    /** Pictures at once. */
    public static final int BATCH = 8;
    /** Most latents; they are in memory together. */
    public static final int MAX_SAMPLES = 100_000;
    /** Most conditions. */
    public static final int MAX_CONDITIONS = 32;
    /** Most scores in a request; more go into a file. */
    public static final int MAX_SCORES = 2_000;
    /** What the boundary is called among the results. */
    public static final String BOUNDARY = "boundary.safetensors";

    public BoundaryTrainRequest {
        samples = Defaults.or(samples, SAMPLES);
        seed = Defaults.or(seed, 0L);
        chosen = Defaults.or(chosen, new Chosen.Ratio(Chosen.Ratio.RATIO));
        trainShare = Defaults.or(trainShare, TRAIN_SHARE);
        split = Defaults.or(split, Split.SHUFFLED);
        c = Defaults.or(c, C);
        conditions = List.copyOf(Defaults.or(conditions, List.of()));
        batch = Defaults.or(batch, BATCH);
        space = Defaults.or(space, Space.W);
    }

    /** A boundary in W. */
    public BoundaryTrainRequest(String bundle, @Nullable Input tuned, Labels labels, Integer samples, Long seed,
            Chosen chosen, Double trainShare, Split split, Double c, List<Input> conditions, Integer batch) {
        this(bundle, tuned, labels, samples, seed, chosen, trainShare, split, c, conditions, batch, Space.W);
    }

    /** A boundary between two texts, everything else as by default. */
    public static BoundaryTrainRequest of(String bundle, Labels labels) {
        return new BoundaryTrainRequest(bundle, null, labels, SAMPLES, 0L, new Chosen.Ratio(Chosen.Ratio.RATIO),
                TRAIN_SHARE, Split.SHUFFLED, C, List.of(), BATCH);
    }

    @Override
    public List<JobId> parents() {
        var file = labels instanceof Labels.File given ? Stream.of(given.file()) : Stream.<Input>empty();
        return Parents.of(Stream.empty(), Stream.of(Stream.ofNullable(tuned), conditions.stream(), file).flatMap(
                inputs -> inputs));
    }

    /** Where a hyperplane lies. */
    public enum Space {
        /** Among the latents that the generator maps: attributes are less entangled (InterFaceGAN, section 3.3). */
        @JsonProperty("w")
        W,
        /** Among those that a seed gives, {@code train_boundary.py} on {@code z.npy}; only sources that have a z can follow. */
        @JsonProperty("z")
        Z
    }

    /** Where the scores of latents come from: the higher, the more of the attribute. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({
            @JsonSubTypes.Type(Labels.Prompts.class),
            @JsonSubTypes.Type(Labels.Scores.class),
            @JsonSubTypes.Type(Labels.File.class)})
    public sealed interface Labels {
        /**
         * From CLIP: the picture's cosine to one text, less that to another.
         *
         * @param positive with the attribute
         * @param negative without it
         */
        record Prompts(
                @NotNull @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = "\\S") String positive,
                @NotNull @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = "\\S") String negative)
                implements
                    Labels {}

        /**
         * Given for the sampled latents, in their order.
         *
         * @param scores one for each
         */
        record Scores(@NotNull @Size(min = 4, max = MAX_SCORES) List<@NotNull Double> scores) implements Labels {
            public Scores {
                scores = List.copyOf(Defaults.or(scores, List.of()));
            }
        }

        /**
         * Given with their latents.
         *
         * @param file a safetensors file with {@code w} [N, C] or, in space z, {@code z} [N, Z], and {@code scores} [N]
         */
        record File(@NotNull @Valid Input file) implements Labels {}
    }

    /** How many of the highest and of the lowest scores are used; never more than half of all. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(Chosen.Ratio.class), @JsonSubTypes.Type(Chosen.Count.class)})
    public sealed interface Chosen {
        /**
         * A share of all scores.
         *
         * @param ratio of each end
         */
        record Ratio(@NotNull @DecimalMin(value = "0", inclusive = false) @DecimalMax("0.5") Double ratio)
                implements
                    Chosen {
            /** {@code train_boundary.py --chosen_num_or_ratio}. */
            public static final double RATIO = 0.02;
        }

        /**
         * A number of scores.
         *
         * @param count at each end
         */
        record Count(@NotNull @Min(2) Integer count) implements Chosen {}
    }

    /** Which of the chosen latents train. */
    public enum Split {
        /** Any, by the seed: as published, where the order is new in every run. */
        @JsonProperty("shuffled")
        SHUFFLED,
        /** The first by descending score. */
        @JsonProperty("sorted")
        SORTED
    }
}
