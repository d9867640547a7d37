package org.atelier.common.job;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Trains a delta mapper: a network that says for any text how a latent moves (the idea of DeltaEdit, Lyu et al. 2023, arXiv
 * 2303.06285). It is trained on pictures alone, once for a bundle.
 *
 * <p>From random pairs of pictures it learns {@code (w1, e1, e2 - e1) -> w2 - w1}, where e is the normalised CLIP embedding
 * of a picture. The loss is the mean of squares. Defaults were measured on the bundle avatar-128.
 *
 * @param bundle         whose generator draws and whose CLIP looks
 * @param samples        pictures to learn from; a sixteenth of them is held out to measure with
 * @param seed           of the latents, the weights and the pairs
 * @param hidden         width of each hidden layer, from the first to the last
 * @param embeddingScale factor of embeddings before they enter the network
 * @param steps          training steps
 * @param batch          pairs a step
 * @param learningRate   of AdamW, falling to 0 along a cosine
 * @param weightDecay    of AdamW
 * @param neutral        texts that ask for nothing: what a text asks for is its distance from their mean
 */
public record DeltaTrainRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Min(MIN_SAMPLES) @Max(MAX_SAMPLES) @JsonProperty(defaultValue = "16384") Integer samples,
        @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "0") Long seed,
        @Size(min = 1, max = MAX_LAYERS) List<@NotNull @Min(1) @Max(MAX_WIDTH) Integer> hidden,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000") @JsonProperty(defaultValue = "8") Double embeddingScale,
        @Min(1) @Max(OptimizeRequest.MAX_STEPS) @JsonProperty(defaultValue = "3000") Integer steps,
        @Min(1) @Max(MAX_BATCH) @JsonProperty(defaultValue = "1024") Integer batch,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @JsonProperty(defaultValue = "0.001") Double learningRate,
        @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0.01") Double weightDecay,
        @Size(min = 1, max = MAX_NEUTRAL) List<@NotNull @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = "\\S") String> neutral)
        implements
            JobRequest {
    /** Measured on avatar-128, whose latents have 128 degrees of freedom. */
    public static final int SAMPLES = 16_384;
    /** The network is (w, 8e, 8d) - 1024 - 1024 - dw. */
    public static final List<Integer> HIDDEN = List.of(1024, 1024);
    /** Brings embeddings of norm 1 to the size of w. */
    public static final double EMBEDDING_SCALE = 8;
    /** Measured: three minutes on two cores. */
    public static final int STEPS = 3_000;
    /** Measured. */
    public static final int BATCH = 1_024;
    /** Measured. */
    public static final double LEARNING_RATE = 1e-3;
    /** PyTorch's default of AdamW. */
    public static final double WEIGHT_DECAY = 0.01;
    /** Words that say no more than that there is somebody. */
    public static final List<String> NEUTRAL = List.of("a person", "someone", "a face");

    /** Fewest samples: one held out, others to make pairs of. */
    public static final int MIN_SAMPLES = 32;
    /** Most samples, which are held in memory. */
    public static final int MAX_SAMPLES = 1_000_000;
    /** Most pairs a step. */
    public static final int MAX_BATCH = 65_536;

    private static final int MAX_LAYERS = 16;
    private static final int MAX_WIDTH = 16_384;
    private static final int MAX_NEUTRAL = 100;

    public DeltaTrainRequest {
        samples = Defaults.or(samples, SAMPLES);
        seed = Defaults.or(seed, 0L);
        hidden = List.copyOf(Defaults.or(hidden, HIDDEN));
        embeddingScale = Defaults.or(embeddingScale, EMBEDDING_SCALE);
        steps = Defaults.or(steps, STEPS);
        batch = Defaults.or(batch, BATCH);
        learningRate = Defaults.or(learningRate, LEARNING_RATE);
        weightDecay = Defaults.or(weightDecay, WEIGHT_DECAY);
        neutral = List.copyOf(Defaults.or(neutral, NEUTRAL));
    }

    /** Everything as by default. */
    public static DeltaTrainRequest of(String bundle) {
        return new DeltaTrainRequest(bundle, null, null, null, null, null, null, null, null, null);
    }

    @Override
    public List<JobId> parents() {
        return List.of();
    }
}
