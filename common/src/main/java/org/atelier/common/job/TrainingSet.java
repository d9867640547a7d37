package org.atelier.common.job;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The latents that a network is trained on. The JSON property {@code kind} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
        @JsonSubTypes.Type(value = TrainingSet.Sampled.class, name = "sampled"),
        @JsonSubTypes.Type(value = TrainingSet.Given.class, name = "given"),
        @JsonSubTypes.Type(value = TrainingSet.Stored.class, name = "stored")})
public sealed interface TrainingSet {
    /** The single latents that it names. */
    default List<Source> sources() {
        return List.of();
    }

    /** The files of latents that it names. */
    default List<Input> files() {
        return List.of();
    }

    /**
     * The faces of consecutive seeds. Those that are held back for validation come first.
     *
     * @param firstSeed  where the seeds start; they go on at 0 after the largest
     * @param count      how many there are, held back ones not counted, in an order that changes with every pass; absent:
     *                   without end, every batch is new (the StyleGAN3 course report)
     * @param truncation of the seeds
     */
    record Sampled(
            @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "1000000") Long firstSeed,
            @Min(1) @Max(MAX_COUNT) @Nullable Integer count,
            @Valid Truncation truncation) implements TrainingSet {
        /** Away from the small seeds that people look at, so that these are faces that the network has not seen. */
        public static final long FIRST_SEED = 1_000_000;
        /** {@code mapper/training/coach.py}, where it samples. */
        public static final double TRUNCATION = 0.7;
        /** Most latents that are kept. */
        public static final int MAX_COUNT = 100_000;

        static final Sampled DEFAULT = new Sampled(null, null, null);

        public Sampled {
            firstSeed = Defaults.or(firstSeed, FIRST_SEED);
            truncation = Defaults.or(truncation, Truncation.psi(TRUNCATION));
        }
    }

    /**
     * Latents that are named one by one, for example those of inverted photographs, in an order that changes with every
     * pass.
     *
     * @param sources    one latent each
     * @param truncation of those that are seeds
     */
    record Given(
            @NotNull @Size(min = 1, max = MAX_SOURCES) List<@Valid Source> sources,
            @Valid Truncation truncation) implements TrainingSet {
        /** Most of them; more fit into a file. */
        public static final int MAX_SOURCES = 1_000;

        public Given {
            sources = List.copyOf(Defaults.or(sources, List.of()));
            truncation = Defaults.or(truncation, Truncation.NONE);
        }
    }

    /**
     * A safetensors file of many latents, one tensor {@code w+} [N, L, C] or {@code w} [N, C], in an order that changes
     * with every pass.
     *
     * @param file where they are
     */
    record Stored(@NotNull @Valid Input file) implements TrainingSet {
        @Override
        public List<Input> files() {
            return List.of(file);
        }
    }
}
