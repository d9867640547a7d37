package org.atelier.common.job;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.atelier.common.bundle.BundleCard;
import org.jspecify.annotations.Nullable;

/**
 * StyleGAN-NADA (Gal et al. 2021): tunes a bundle's generator until its pictures have moved from one text to another. The
 * result is a tuned generator, {@code generator-delta.safetensors}, which other requests name as {@code tuned}.
 *
 * <p>Each iteration draws the same latents with the bundle's generator and with the one in training, and minimises
 * {@code lambda_direction * (1 - cos(E(trained) - E(bundle's), E(target) - E(source)))} and the other terms, of which the
 * published code has none by default. Defaults are those of its {@code options/train_options.py} and README.
 *
 * @param bundle             whose generator is tuned and whose CLIP judges
 * @param source             what the bundle's pictures show
 * @param target             what those of the tuned generator should show; absent only with target images
 * @param targetImages       pictures of the target domain, which give the direction in place of the texts; empty: none
 * @param templates          sentences that the texts are put into; a small CLIP that knows few of them does better without
 * @param clips              names of the bundle's CLIPs with the weights of their losses, which are added ({@code --clip_models},
 *                           {@code --clip_model_weights}); {@code clip} is the one that all methods use
 * @param iterations         training steps
 * @param batch              pictures of a step
 * @param form               what is trained and stored
 * @param learningRate       of Adam, before the correction for lazy regularisation; absent: 0.002 for {@link Form#DELTA},
 *                           0.1 for {@link Form#MULTIPLIERS}
 * @param beta1              of Adam, before the correction; absent: 0 for {@link Form#DELTA}, 0.9 for
 *                           {@link Form#MULTIPLIERS}
 * @param beta2              of Adam, before the correction; absent: 0.99 for {@link Form#DELTA}, 0.999 for
 *                           {@link Form#MULTIPLIERS}
 * @param regularizeEvery    n corrects Adam as for a StyleGAN2 that is regularised every n steps: learning rate times
 *                           n/(n+1), betas to the power of it; 0: as it is; absent: 4 for {@link Form#DELTA}, else 0
 * @param phase              which layers train; no matter with a selection, or for {@link Form#MULTIPLIERS}, which trains
 *                           all
 * @param selection          finds the layers that matter, again and again; absent: the layers of the phase
 * @param freeze             which parameters of those layers stay
 * @param lambdaDirection    weight of the directional loss
 * @param lambdaGlobal       weight of the cosine to "a TARGET"
 * @param lambdaManifold     weight of the angle between the pictures, which is held to that between the texts
 * @param lambdaTexture      weight of the mean square difference of the CLIP features of both pictures; keeps them alike
 * @param mixing             share of the latents that are mixed of two
 * @param noise              of both generators, by themselves; {@code random} as published
 * @param guard              added to the norm that the difference of features is divided by; absent: 0 with random noise,
 *                           else 0.02. Without it a difference of zero, which constant noise gives in the first step,
 *                           spoils Adam's moments for hundreds of steps
 * @param trainingTruncation psi of the latents in training; absent: as published, 1 for a StyleGAN2 and 0.7 for a StyleGAN3
 * @param sampleTruncation   psi of the sample grid
 * @param samples            pictures of the sample grid
 * @param previewEvery       steps between two sample grids; 0: only the last
 * @param seed               of everything that is drawn at random
 * @param export             forms in which the whole tuned generator is stored, too
 */
public record NadaFinetuneRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Size(max = MAX_TEXT) @Pattern(regexp = NOT_BLANK) @JsonProperty(defaultValue = SOURCE) String source,
        @Nullable @Size(max = MAX_TEXT) @Pattern(regexp = NOT_BLANK) String target,
        @Size(max = MAX_IMAGES) List<@Valid Input> targetImages,
        @JsonProperty(defaultValue = "imagenet") Templates templates,
        @Size(max = MAX_CLIPS) Map<@NotNull String, @NotNull @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000") Double> clips,
        @Min(1) @Max(MAX_ITERATIONS) @JsonProperty(defaultValue = "300") Integer iterations,
        @Min(1) @Max(MAX_BATCH) @JsonProperty(defaultValue = "2") Integer batch,
        @JsonProperty(defaultValue = "delta") Form form,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("10") Double learningRate,
        @DecimalMin("0") @DecimalMax(value = "1", inclusive = false) Double beta1,
        @DecimalMin("0") @DecimalMax(value = "1", inclusive = false) Double beta2,
        @Min(0) @Max(1_000) Integer regularizeEvery,
        @JsonProperty(defaultValue = "default") Phase phase,
        @Valid @Nullable Selection selection,
        @JsonProperty(defaultValue = "published") Freeze freeze,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "1") Double lambdaDirection,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double lambdaGlobal,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double lambdaManifold,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double lambdaTexture,
        @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0") Double mixing,
        @JsonProperty(defaultValue = "random") Noise.Mode noise,
        @DecimalMin("0") @DecimalMax("1") Double guard,
        @DecimalMin("0") @DecimalMax("1") @Nullable Double trainingTruncation,
        @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0.7") Double sampleTruncation,
        @Min(1) @Max(MAX_SAMPLES) @JsonProperty(defaultValue = "16") Integer samples,
        @Min(0) @JsonProperty(defaultValue = "100") Integer previewEvery,
        @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "2") Long seed,
        @Size(max = 2) List<@NotNull Export> export) implements JobRequest {
    /** What the README's examples start from. */
    public static final String SOURCE = "photo";
    /** The bundle's own alone. The published script takes ViT-B/32 and ViT-B/16, both with weight 1. */
    public static final Map<String, Double> CLIPS = Map.of(BundleCard.CLIP, 1.0);
    /** The README's {@code --iter 301}, which is 300 and the last picture; the option's own default is 1000. */
    public static final int ITERATIONS = 300;
    /** The README's {@code --batch}, for one GPU at 1024 px; the option's own default is 16. */
    public static final int BATCH = 2;
    /** {@code train_options.py --lr}. */
    public static final double LEARNING_RATE = 0.002;
    /** {@code train.py}: Adam's betas before the correction. */
    public static final double BETA1 = 0;
    /** See {@link #BETA1}. */
    public static final double BETA2 = 0.99;
    /** {@code train_options.py --g_reg_every}. */
    public static final int REGULARIZE_EVERY = 4;
    /** HyperDomainNet's {@code td_single_ffhq} configuration. */
    public static final double MULTIPLIER_LEARNING_RATE = 0.1;
    /** See {@link #MULTIPLIER_LEARNING_RATE}. */
    public static final double MULTIPLIER_BETA1 = 0.9;
    /** See {@link #MULTIPLIER_LEARNING_RATE}. */
    public static final double MULTIPLIER_BETA2 = 0.999;
    /** {@code train_options.py --lambda_direction}; the other lambdas are 0. */
    public static final double LAMBDA_DIRECTION = 1;
    /** Measured: with it constant noise learns as fast as random noise. */
    public static final double GUARD = 0.02;
    /** {@code train_options.py --sample_truncation}. */
    public static final double SAMPLE_TRUNCATION = 0.7;
    /** Fewer than the published 64, which are for a machine that looks at nothing else. */
    public static final int SAMPLES = 16;
    /** {@code train_options.py --output_interval}. */
    public static final int PREVIEW_EVERY = 100;
    /** {@code train.py} seeds with 2. */
    public static final long SEED = 2;

    /** Most steps of one job. */
    public static final int MAX_ITERATIONS = 100_000;
    /** Most pictures of a step. */
    public static final int MAX_BATCH = 64;
    /** Most pictures of a sample grid. */
    public static final int MAX_SAMPLES = 64;
    /** Most CLIPs of an ensemble. */
    public static final int MAX_CLIPS = 8;
    /** Most target images. */
    public static final int MAX_IMAGES = 16;
    /** Longest text, in characters; the text tower's own limit is in tokens and smaller. */
    public static final int MAX_TEXT = 1_000;

    private static final String NOT_BLANK = "\\S";

    public NadaFinetuneRequest {
        source = Defaults.or(source, SOURCE);
        targetImages = List.copyOf(Defaults.or(targetImages, List.of()));
        templates = Defaults.or(templates, Templates.IMAGENET);
        clips = clips == null || clips.isEmpty() ? CLIPS : Collections.unmodifiableMap(new TreeMap<>(clips));
        iterations = Defaults.or(iterations, ITERATIONS);
        batch = Defaults.or(batch, BATCH);
        form = Defaults.or(form, Form.DELTA);
        boolean delta = form == Form.DELTA;
        learningRate = Defaults.or(learningRate, delta ? LEARNING_RATE : MULTIPLIER_LEARNING_RATE);
        beta1 = Defaults.or(beta1, delta ? BETA1 : MULTIPLIER_BETA1);
        beta2 = Defaults.or(beta2, delta ? BETA2 : MULTIPLIER_BETA2);
        regularizeEvery = Defaults.or(regularizeEvery, delta ? REGULARIZE_EVERY : 0);
        phase = Defaults.or(phase, Phase.DEFAULT);
        freeze = Defaults.or(freeze, Freeze.PUBLISHED);
        lambdaDirection = Defaults.or(lambdaDirection, LAMBDA_DIRECTION);
        lambdaGlobal = Defaults.or(lambdaGlobal, 0.0);
        lambdaManifold = Defaults.or(lambdaManifold, 0.0);
        lambdaTexture = Defaults.or(lambdaTexture, 0.0);
        mixing = Defaults.or(mixing, 0.0);
        noise = Defaults.or(noise, Noise.Mode.RANDOM);
        guard = Defaults.or(guard, noise == Noise.Mode.RANDOM ? 0 : GUARD);
        sampleTruncation = Defaults.or(sampleTruncation, SAMPLE_TRUNCATION);
        samples = Defaults.or(samples, SAMPLES);
        previewEvery = Defaults.or(previewEvery, PREVIEW_EVERY);
        seed = Defaults.or(seed, SEED);
        export = List.copyOf(Defaults.or(export, List.of()));
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(Stream.empty(), targetImages.stream());
    }

    /** What is trained and stored. */
    public enum Form {
        /** The weights of the trained layers. */
        @JsonProperty("delta")
        DELTA,
        /** One factor for each input channel of each layer (HyperDomainNet, Alanov et al. 2022): kilobytes. */
        @JsonProperty("multipliers")
        MULTIPLIERS
    }

    /**
     * Fixed sets of layers, {@code train_options.py --phase}. A StyleGAN3 has only {@link #DEFAULT} (its layers but the
     * eleventh and the thirteenth) and {@link #ALL}.
     */
    public enum Phase {
        /** The learned constant and all convolutions, without those to colours. */
        @JsonProperty("default")
        DEFAULT,
        /** The learned constant, the first convolution, and those from 16 to 128 pixels. */
        @JsonProperty("texture")
        TEXTURE,
        /** The learned constant and the convolutions to 8 pixels. */
        @JsonProperty("shape")
        SHAPE,
        /** Those of {@link #SHAPE} and the next one. */
        @JsonProperty("shape_expanded")
        SHAPE_EXPANDED,
        /** The learned constant and the convolutions to 128 pixels. */
        @JsonProperty("no_fine")
        NO_FINE,
        /** Everything that acts on the picture, layers to colours included. */
        @JsonProperty("all")
        ALL
    }

    /** Which parameters of the layers stay as they are. */
    public enum Freeze {
        /** As in the published code: those of a StyleGAN2's layers all train, those of a StyleGAN3's but the affines. */
        @JsonProperty("published")
        PUBLISHED,
        /** As in the paper, section 3.2: mapping, affines and layers to colours stay. */
        @JsonProperty("paper")
        PAPER
    }

    /** Which layers a row of w+ stands for. */
    public enum RowMapping {
        /** {@code determine_opt_layers} of the published code: from row 1 on the layer before the one that the row drives. */
        @JsonProperty("published")
        PUBLISHED,
        /** The convolution that the row drives. */
        @JsonProperty("corrected")
        CORRECTED
    }

    /** A file with the whole tuned generator. */
    public enum Export {
        /** {@code generator.safetensors}, as in a bundle. */
        @JsonProperty("safetensors")
        SAFETENSORS,
        /** {@code generator.pt} of rosinality's StyleGAN2. */
        @JsonProperty("rosinality")
        ROSINALITY
    }

    /**
     * Selection of layers (section 3.2 of the paper): latents are moved a little towards the target text, and the layers of
     * the rows that moved most are trained.
     *
     * @param layers     how many ({@code --auto_layer_k}); absent: two thirds of the convolutions, as the published notebook
     * @param iterations steps of the latents ({@code --auto_layer_iters})
     * @param batch      latents ({@code --auto_layer_batch})
     * @param every      training steps between two selections; 1 as published; 0: once, before the first
     * @param mapping    from rows to layers
     */
    public record Selection(
            @Min(1) @Nullable Integer layers,
            @Min(1) @Max(100) @JsonProperty(defaultValue = "1") Integer iterations,
            @Min(1) @Max(MAX_BATCH) @JsonProperty(defaultValue = "8") Integer batch,
            @Min(0) @JsonProperty(defaultValue = "1") Integer every,
            @JsonProperty(defaultValue = "published") RowMapping mapping) {
        /** {@code train_options.py --auto_layer_iters}. */
        public static final int ITERATIONS = 1;
        /** {@code train_options.py --auto_layer_batch}. */
        public static final int BATCH = 8;
        /** Every step, as published. */
        public static final int EVERY = 1;

        public Selection {
            iterations = Defaults.or(iterations, ITERATIONS);
            batch = Defaults.or(batch, BATCH);
            every = Defaults.or(every, EVERY);
            mapping = Defaults.or(mapping, RowMapping.PUBLISHED);
        }
    }
}
