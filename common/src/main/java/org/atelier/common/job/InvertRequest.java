package org.atelier.common.job;

import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the latent of an image, so that it can be edited: by the projector of StyleGAN2-ADA, by the bundle's encoder, by
 * both, or by pivotal tuning (Roich et al. 2021), which also changes the generator.
 *
 * <p>Defaults are those of NVlabs' {@code projector.py} unless a field says otherwise.
 *
 * @param bundle              whose generator is to draw the image
 * @param source              the image
 * @param method              how the latent is found
 * @param space               where the projector moves; an encoder gives what it gives
 * @param steps               of the projector; absent: {@value #STEPS}, for pivotal tuning {@value #PIVOT_STEPS}, after an
 *                            encoder {@value #REFINEMENT_STEPS}
 * @param learningRate        of the projector's Adam at its height, for latent and noise maps; absent: {@value
 *                            #LEARNING_RATE}, for pivotal tuning and after an encoder {@value #PIVOT_LEARNING_RATE}
 * @param rampup              share of the steps in which the rate rises
 * @param rampdown            share of the steps in which it falls
 * @param samples             of w, from which its mean and deviation are measured
 * @param seed                of the noise in the search
 * @param noiseFactor         deviation of the noise added to w in the first step, in deviations of w
 * @param noiseRamp           share of the steps in which that noise falls to zero
 * @param noiseRegularization weight of what keeps the picture out of the noise maps
 * @param optimizeNoise       whether the noise maps are optimised too; StyleGAN3 has none
 * @param l2Lambda            weight of the mean squared error of pixels beside LPIPS (rosinality {@code --mse}, published 0)
 * @param iterations          passes of an encoder that sees its own result (ReStyle {@code n_iters_per_batch})
 * @param maxDeviation        how far each row of the latent may be from the mean w, in deviations of w (a usual w has 1);
 *                            what lies beyond is pulled back. Absent: as far as it takes
 * @param tuning              of the generator; for pivotal tuning only
 * @param previewEvery        steps between two previews; 0: none
 * @param tuned               a tuned generator of that bundle, which draws in place of the bundle's own
 */
public record InvertRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @NotNull @Valid Source.Image source,
        @JsonProperty(defaultValue = "projector") Method method,
        @JsonProperty(defaultValue = "w") Space space,
        @Min(1) @Max(MAX_STEPS) Integer steps,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("10") Double learningRate,
        @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0.05") Double rampup,
        @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0.25") Double rampdown,
        @Min(100) @Max(MAX_SAMPLES) @JsonProperty(defaultValue = "10000") Integer samples,
        @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "0") Long seed,
        @DecimalMin("0") @DecimalMax("10") @JsonProperty(defaultValue = "0.05") Double noiseFactor,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @JsonProperty(defaultValue = "0.75") Double noiseRamp,
        @DecimalMin("0") @DecimalMax("1e9") @JsonProperty(defaultValue = "100000") Double noiseRegularization,
        @JsonProperty(defaultValue = "true") Boolean optimizeNoise,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double l2Lambda,
        @Min(1) @Max(MAX_ITERATIONS) @JsonProperty(defaultValue = "5") Integer iterations,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000") @Nullable Double maxDeviation,
        @Valid Tuning tuning,
        @Min(0) @JsonProperty(defaultValue = "50") Integer previewEvery,
        @Valid @Nullable Input tuned) implements JobRequest {
    /** {@code projector.py num_steps}. */
    public static final int STEPS = 1000;
    /** What the result calls the noise maps that were optimised, see {@link Noise.Mode#SOURCE}. */
    public static final String NOISE = "noise.safetensors";
    /** PTI {@code hyperparameters.py first_inv_steps}. */
    public static final int PIVOT_STEPS = 450;
    /** Ours: an encoder's latent is near already. */
    public static final int REFINEMENT_STEPS = 200;
    /** {@code projector.py initial_learning_rate}. */
    public static final double LEARNING_RATE = 0.1;
    /** What takes effect in PTI's {@code w_projector.py}; its {@code first_inv_lr} is overwritten. */
    public static final double PIVOT_LEARNING_RATE = 0.01;
    /** {@code projector.py lr_rampup_length}. */
    public static final double RAMPUP = 0.05;
    /** {@code projector.py lr_rampdown_length}. */
    public static final double RAMPDOWN = 0.25;
    /** {@code projector.py w_avg_samples}; PTI uses 600. */
    public static final int SAMPLES = 10_000;
    /** {@code projector.py initial_noise_factor}. */
    public static final double NOISE_FACTOR = 0.05;
    /** {@code projector.py noise_ramp_length}. */
    public static final double NOISE_RAMP = 0.75;
    /** {@code projector.py regularize_noise_weight}. */
    public static final double NOISE_REGULARIZATION = 1e5;
    /** ReStyle's published runs. */
    public static final int ITERATIONS = 5;
    /** Ours. */
    public static final int PREVIEW_EVERY = 50;

    /** Most steps of one job. */
    public static final int MAX_STEPS = OptimizeRequest.MAX_STEPS;
    /** Most samples of w. */
    public static final int MAX_SAMPLES = 100_000;
    /** Most passes of an encoder. */
    public static final int MAX_ITERATIONS = 20;

    public InvertRequest {
        method = Defaults.or(method, Method.PROJECTOR);
        space = Defaults.or(space, Space.W);
        steps = Defaults.or(steps, switch (method) {
            case PTI -> PIVOT_STEPS;
            case ENCODER_PROJECTOR -> REFINEMENT_STEPS;
            case PROJECTOR, ENCODER -> STEPS;
        });
        learningRate = Defaults.or(learningRate, switch (method) {
            case PTI, ENCODER_PROJECTOR -> PIVOT_LEARNING_RATE;
            case PROJECTOR, ENCODER -> LEARNING_RATE;
        });
        rampup = Defaults.or(rampup, RAMPUP);
        rampdown = Defaults.or(rampdown, RAMPDOWN);
        samples = Defaults.or(samples, SAMPLES);
        seed = Defaults.or(seed, 0L);
        noiseFactor = Defaults.or(noiseFactor, NOISE_FACTOR);
        noiseRamp = Defaults.or(noiseRamp, NOISE_RAMP);
        noiseRegularization = Defaults.or(noiseRegularization, NOISE_REGULARIZATION);
        optimizeNoise = Defaults.or(optimizeNoise, true);
        l2Lambda = Defaults.or(l2Lambda, 0.0);
        iterations = Defaults.or(iterations, ITERATIONS);
        tuning = Defaults.or(tuning, new Tuning(null, null, null, null, null));
        previewEvery = Defaults.or(previewEvery, PREVIEW_EVERY);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(Stream.of(source), Stream.ofNullable(tuned));
    }

    /** How a latent is found. */
    public enum Method {
        /** Optimisation from the mean latent (NVlabs {@code projector.py}). */
        @JsonProperty("projector")
        PROJECTOR,
        /** The bundle's encoder. */
        @JsonProperty("encoder")
        ENCODER,
        /** Optimisation from what the encoder found. */
        @JsonProperty("encoder+projector")
        ENCODER_PROJECTOR,
        /** Optimisation, then tuning of the generator around its result. */
        @JsonProperty("pti")
        PTI;

        /** Whether a projector runs. */
        public boolean projects() {
            return this != ENCODER;
        }

        /** Whether the bundle's encoder runs. */
        public boolean encodes() {
            return this == ENCODER || this == ENCODER_PROJECTOR;
        }
    }

    /** Where a projector moves. */
    public enum Space {
        /** One w for all rows. */
        @JsonProperty("w")
        W,
        /** One w for each row (rosinality {@code --w_plus}): closer, and harder to edit. */
        @JsonProperty("w+")
        W_PLUS
    }

    /**
     * Tuning of the generator around a latent (PTI {@code configs/hyperparameters.py}). The noise maps stay the stored ones.
     *
     * @param steps            at most
     * @param learningRate     of Adam
     * @param l2Lambda         weight of the mean squared error of pixels
     * @param perceptualLambda weight of LPIPS
     * @param stopAt           LPIPS at which it is close enough
     */
    public record Tuning(
            @Min(1) @Max(MAX_STEPS) @JsonProperty(defaultValue = "350") Integer steps,
            @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @JsonProperty(defaultValue = "0.0003") Double learningRate,
            @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "1") Double l2Lambda,
            @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "1") Double perceptualLambda,
            @DecimalMin("0") @DecimalMax("10") @JsonProperty(defaultValue = "0.06") Double stopAt) {
        /** {@code max_pti_steps}. */
        public static final int STEPS = 350;
        /** {@code pti_learning_rate}. */
        public static final double LEARNING_RATE = 3e-4;
        /** {@code pt_l2_lambda}. */
        public static final double L2_LAMBDA = 1;
        /** {@code pt_lpips_lambda}. */
        public static final double PERCEPTUAL_LAMBDA = 1;
        /** {@code LPIPS_value_threshold}. */
        public static final double STOP_AT = 0.06;

        public Tuning {
            steps = Defaults.or(steps, STEPS);
            learningRate = Defaults.or(learningRate, LEARNING_RATE);
            l2Lambda = Defaults.or(l2Lambda, L2_LAMBDA);
            perceptualLambda = Defaults.or(perceptualLambda, PERCEPTUAL_LAMBDA);
            stopAt = Defaults.or(stopAt, STOP_AT);
        }
    }
}
