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
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * StyleCLIP's latent mapper (Patashnik et al. 2021, section 5): trains a network for one text that moves any latent so
 * that its picture fits the text.
 *
 * <p>With w' = w + factor * M(w), the loss is {@code clip_lambda * (1 - cos(E(G(w')), E(text))) + directional_lambda * (1 -
 * cos(E(G(w')) - E(G(w)), E(text) - E(neutral))) + l2_lambda * L2 + id_lambda * (1 - <R(G(w)), R(G(w'))>) + norm_lambda *
 * (|E(G(w'))| - |E(G(w))|)^2}, averaged over a batch. Defaults are those of the published
 * {@code mapper/options/train_options.py}; what it lacks is off.
 *
 * @param bundle            whose networks are used
 * @param tuned             a tuned generator instead of the bundle's own; absent: the bundle's own
 * @param prompt            what the pictures should show
 * @param neutral           what they show now, in a word; for the directional loss
 * @param kind              which latents are moved, by how many networks
 * @param freeze            levels that stay as they are; with {@link Kind#LEVELS} only
 * @param factor            what the mapper's output is multiplied by, in training and in use; the StyleGAN3 course report
 *                          calls it lambda-delta
 * @param maxDelta          longest move of one row (in StyleSpace: of one layer's style) after the factor; absent: no bound
 * @param latents           what it learns from
 * @param batch             latents of one step
 * @param steps             optimisation steps; absent where {@code epochs} is given
 * @param epochs            passes over the latents; over latents that are sampled without end, a batch is an epoch; absent
 *                          where {@code steps} is given
 * @param optimizer         what changes the weights
 * @param learningRate      of the optimiser
 * @param plateau           lowers the rate when the loss no longer falls; absent: the rate stays
 * @param clipLambda        weight of the CLIP loss
 * @param directionalLambda weight of the directional CLIP loss
 * @param l2Lambda          weight of the L2 loss
 * @param l2Reduction       what the L2 loss means; in StyleSpace the sum over the layers
 * @param l2Of              which move the L2 loss measures
 * @param idLambda          weight of the identity loss; needs a bundle with an identity network
 * @param normLambda        weight of the norm loss, for the mining of latents of a tuned generator
 * @param validation        how the best state is found
 * @param seed              of the first weights and of the order of latents
 * @param previewEvery      steps between two previews; 0: none
 */
public record MapperTrainRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input tuned,
        @NotNull @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = NOT_BLANK) String prompt,
        @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = NOT_BLANK) @JsonProperty(defaultValue = NEUTRAL) String neutral,
        @JsonProperty(defaultValue = "levels") Kind kind,
        @Size(max = 2) List<Level> freeze,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("100") @JsonProperty(defaultValue = "0.1") Double factor,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000") @Nullable Double maxDelta,
        @Valid TrainingSet latents,
        @Min(1) @Max(MAX_BATCH) @JsonProperty(defaultValue = "2") Integer batch,
        @Min(1) @Max(MAX_STEPS) @Nullable Integer steps,
        @Min(1) @Max(MAX_STEPS) @Nullable Integer epochs,
        @JsonProperty(defaultValue = "ranger") Optimizer optimizer,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("10") @JsonProperty(defaultValue = "0.5") Double learningRate,
        @Valid @Nullable Plateau plateau,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "1") Double clipLambda,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double directionalLambda,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0.8") Double l2Lambda,
        @JsonProperty(defaultValue = "mean") Reduction l2Reduction,
        @JsonProperty(defaultValue = "scaled") Delta l2Of,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0.1") Double idLambda,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double normLambda,
        @Valid Validation validation,
        @Min(0) @Max(Source.MAX_SEED) @JsonProperty(defaultValue = "0") Long seed,
        @Min(0) @JsonProperty(defaultValue = "100") Integer previewEvery) implements JobRequest {
    /** {@code train_options.py --max_steps}. */
    public static final int STEPS = 50_000;
    /** {@code train_options.py --batch_size}. */
    public static final int BATCH = 2;
    /** {@code train_options.py --learning_rate}, for Ranger. */
    public static final double LEARNING_RATE = 0.5;
    /** {@code mapper/training/coach.py}; the StyleGAN3 course report has 0.1 to 1. */
    public static final double FACTOR = 0.1;
    /** {@code train_options.py --clip_lambda}. */
    public static final double CLIP_LAMBDA = 1;
    /** The published loss has no directional term. */
    public static final double DIRECTIONAL_LAMBDA = 0;
    /** {@code train_options.py --latent_l2_lambda}, of a mean of squares; stylegan3-editing has 0.3. */
    public static final double L2_LAMBDA = 0.8;
    /** {@code train_options.py --id_lambda}; stylegan3-editing has 0.06, and edits that change the person need 0. */
    public static final double ID_LAMBDA = 0.1;
    /** StyleCLIP has no norm loss; StyleGAN-NADA's mapper mining has {@value #MINING_NORM_LAMBDA}. */
    public static final double NORM_LAMBDA = 0;
    /** StyleGAN-NADA {@code mapper/options/train_options.py --norm_lambda}. */
    public static final double MINING_NORM_LAMBDA = 0.5;
    /** {@code train_options.py --image_interval}. */
    public static final int PREVIEW_EVERY = 100;
    /** Suits faces. */
    public static final String NEUTRAL = "a person";

    /** Most steps of one job. */
    public static final int MAX_STEPS = 1_000_000;
    /** Largest batch. */
    public static final int MAX_BATCH = 1_024;

    private static final String NOT_BLANK = "\\S";

    public MapperTrainRequest {
        neutral = Defaults.or(neutral, NEUTRAL);
        kind = Defaults.or(kind, Kind.LEVELS);
        freeze = Defaults.or(freeze, List.<Level>of()).stream().distinct().sorted().toList();
        factor = Defaults.or(factor, FACTOR);
        latents = Defaults.or(latents, TrainingSet.Sampled.DEFAULT);
        batch = Defaults.or(batch, BATCH);
        steps = steps == null && epochs == null ? Integer.valueOf(STEPS) : steps;
        optimizer = Defaults.or(optimizer, Optimizer.RANGER);
        learningRate = Defaults.or(learningRate, LEARNING_RATE);
        clipLambda = Defaults.or(clipLambda, CLIP_LAMBDA);
        directionalLambda = Defaults.or(directionalLambda, DIRECTIONAL_LAMBDA);
        l2Lambda = Defaults.or(l2Lambda, L2_LAMBDA);
        l2Reduction = Defaults.or(l2Reduction, Reduction.MEAN);
        l2Of = Defaults.or(l2Of, Delta.SCALED);
        idLambda = Defaults.or(idLambda, ID_LAMBDA);
        normLambda = Defaults.or(normLambda, NORM_LAMBDA);
        validation = Defaults.or(validation, Validation.DEFAULT);
        seed = Defaults.or(seed, 0L);
        previewEvery = Defaults.or(previewEvery, PREVIEW_EVERY);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(latents.sources().stream(), Stream.concat(latents.files().stream(), Stream.ofNullable(
                tuned)));
    }

    /** Which latents are moved, by how many networks (StyleCLIP {@code mapper/latent_mappers.py}). */
    public enum Kind {
        /** In W+, one network each for coarse, medium and fine rows: {@code LevelsMapper}. */
        @JsonProperty("levels")
        LEVELS,
        /** In W+, one network for all rows: {@code SingleMapper}. */
        @JsonProperty("single")
        SINGLE,
        /** In StyleSpace, one network for each layer: {@code FullStyleSpaceMapper}. */
        @JsonProperty("stylespace")
        STYLESPACE,
        /**
         * In StyleSpace without the layers that only mix colours: {@code WithoutToRGBStyleSpaceMapper}. A StyleGAN3's
         * input, which is the pose, stays as well.
         */
        @JsonProperty("stylespace_no_rgb")
        STYLESPACE_NO_RGB
    }

    /** Rows that one network of a mapper by levels moves; on StyleGAN2 0 to 3, 4 to 7 and the rest, on StyleGAN3 0 to 4, 5 to 7 and the rest. */
    public enum Level {
        /** Pose and shape: {@code --no_coarse_mapper} freezes it. */
        @JsonProperty("coarse")
        COARSE,
        /** Features of the face: {@code --no_medium_mapper} freezes it. */
        @JsonProperty("medium")
        MEDIUM,
        /** Colours: {@code --no_fine_mapper} freezes it, as StyleCLIP does for all edits that are no matter of colour. */
        @JsonProperty("fine")
        FINE
    }

    /** What changes the weights. */
    public enum Optimizer {
        /** Rectified Adam with lookahead and centralised gradients: StyleCLIP's. */
        @JsonProperty("ranger")
        RANGER,
        /** With decoupled weight decay of 0.01, PyTorch's default: the StyleGAN3 course report's. */
        @JsonProperty("adamw")
        ADAMW,
        /** With PyTorch's defaults: StyleCLIP's {@code --optim_name adam}. */
        @JsonProperty("adam")
        ADAM
    }

    /** Which move a loss measures. */
    public enum Delta {
        /** What the network gives, before the factor: the StyleGAN3 course report. */
        @JsonProperty("raw")
        RAW,
        /** What is added to the latent, after factor and bound: StyleCLIP. */
        @JsonProperty("scaled")
        SCALED
    }

    /**
     * Lowers the learning rate when a loss no longer falls: PyTorch's {@code ReduceLROnPlateau} in mode {@code min} with
     * its relative threshold of 1e-4.
     *
     * @param factor   what the rate is multiplied by
     * @param patience losses without progress that are borne
     * @param watch    which loss; of the validation there is one at a time when it takes place, of the training one an epoch
     */
    public record Plateau(
            @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @JsonProperty(defaultValue = "0.2") Double factor,
            @Min(0) @Max(MAX_STEPS) @JsonProperty(defaultValue = "10") Integer patience,
            @JsonProperty(defaultValue = "training") Watched watch) {
        /** The StyleGAN3 course report's; up to 0.5. */
        public static final double FACTOR = 0.2;
        /** The StyleGAN3 course report's; from 5 to 20. */
        public static final int PATIENCE = 10;

        public Plateau {
            factor = Defaults.or(factor, FACTOR);
            patience = Defaults.or(patience, PATIENCE);
            watch = Defaults.or(watch, Watched.TRAINING);
        }

        /** A loss. */
        public enum Watched {
            /** The mean loss of an epoch: the StyleGAN3 course report's. */
            @JsonProperty("training")
            TRAINING,
            /** That of the latents that are held back. */
            @JsonProperty("validation")
            VALIDATION
        }
    }

    /**
     * Finds the best state: latents that are held back from training are judged now and then, and the state with the
     * lowest loss is the result.
     *
     * @param count latents that are held back; 0: none, the last state is the result
     * @param every steps between two validations; the last step is always followed by one
     */
    public record Validation(
            @Min(0) @Max(MAX_COUNT) @JsonProperty(defaultValue = "200") Integer count,
            @Min(1) @Max(MAX_STEPS) @JsonProperty(defaultValue = "2000") Integer every) {
        /** {@code coach.py} judges the first 200 batches of one of its test latents. */
        public static final int COUNT = 200;
        /** {@code train_options.py --val_interval}. */
        public static final int EVERY = 2_000;
        /** Most latents that are held back. */
        public static final int MAX_COUNT = 10_000;

        static final Validation DEFAULT = new Validation(COUNT, EVERY);

        public Validation {
            count = Defaults.or(count, COUNT);
            every = Defaults.or(every, EVERY);
        }
    }
}
