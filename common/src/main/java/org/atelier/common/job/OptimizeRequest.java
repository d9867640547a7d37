package org.atelier.common.job;

import java.util.List;
import java.util.Optional;
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
 * StyleCLIP latent optimisation (Patashnik et al. 2021, section 4): moves one latent until its picture fits a text.
 *
 * <p>The loss is {@code clip_lambda * (1 - cos(image, text)) + l2_lambda * L2(w - w0) + id_lambda * (1 - <R(G(w0)),
 * R(G(w))>)}, and where it is asked for {@code + directional.weight * (1 - cos(E(G(w)) - E(G(w0)), E(text) -
 * E(neutral)))}. Defaults are those of the published {@code run_optimization.py}.
 *
 * @param bundle       whose networks are used
 * @param source       where the edit starts; absent: the mean latent (only with {@link Goal#FREE_GENERATION})
 * @param prompt       what the picture should show
 * @param goal         edit a picture, or generate freely
 * @param space        where the latent moves
 * @param steps        optimisation steps
 * @param learningRate of Adam, before the schedule
 * @param schedule     how the rate changes
 * @param clipLambda   weight of the CLIP loss
 * @param l2Lambda     weight of the L2 loss; not used in free generation
 * @param l2Reduction  what the L2 loss means
 * @param idLambda     weight of the identity loss; needs a bundle with an identity network; not used in free generation
 * @param truncation   of a source that is a seed
 * @param noise        of the generator
 * @param previewEvery steps between two previews; 0: none
 * @param tuned        a tuned generator of that bundle, which draws in place of the bundle's own
 * @param mode         the published method, or the one that does best what the words say; {@code best} edits only and uses
 *                     of the others source, prompt, steps (by default {@link #BEST_STEPS}), learning rate (by default
 *                     {@link #BEST_LEARNING_RATE}), truncation, noise, previews and tuned generator
 * @param gates        of mode {@code best} only
 * @param optimizer    what changes the latent
 * @param rows         rows of the generator that may change; absent: all
 * @param directional  holds the picture's change to the text's; absent: not used, as published
 * @param toRgb        of space {@code s}: whether the styles of layers that only mix colours (toRGB) change too
 */
public record OptimizeRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Source source,
        @NotNull @Size(max = MAX_PROMPT) @Pattern(regexp = NOT_BLANK) String prompt,
        @JsonProperty(defaultValue = "edit") Goal goal,
        @JsonProperty(defaultValue = "w+") LatentSpace space,
        @Min(1) @Max(MAX_STEPS) @JsonProperty(defaultValue = "300") Integer steps,
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("10") @JsonProperty(defaultValue = "0.1") Double learningRate,
        @Valid Schedule schedule,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "1") Double clipLambda,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0.008") Double l2Lambda,
        @JsonProperty(defaultValue = "sum") Reduction l2Reduction,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0") Double idLambda,
        @Valid Truncation truncation,
        @Valid Noise noise,
        @Min(0) @JsonProperty(defaultValue = "20") Integer previewEvery,
        @Valid @Nullable Input tuned,
        @JsonProperty(defaultValue = "faithful") Mode mode,
        @Valid @Nullable Gates gates,
        @JsonProperty(defaultValue = "adam") Optimizer optimizer,
        @Valid @Nullable Rows rows,
        @Valid @Nullable Directional directional,
        @JsonProperty(defaultValue = "false") Boolean toRgb) implements JobRequest {
    /** {@code run_optimization.py --step}. */
    public static final int STEPS = 300;
    /** {@code run_optimization.py --lr}. */
    public static final double LEARNING_RATE = 0.1;
    /** The published loss has CLIP at weight one. */
    public static final double CLIP_LAMBDA = 1;
    /** {@code run_optimization.py --l2_lambda}, of a sum of squares. */
    public static final double L2_LAMBDA = 0.008;
    /** {@code run_optimization.py --id_lambda}; its Colab uses 0.005. */
    public static final double ID_LAMBDA = 0;
    /** {@code run_optimization.py --truncation}. */
    public static final double TRUNCATION = 0.7;
    /** {@code run_optimization.py --save_intermediate_image_every}. */
    public static final int PREVIEW_EVERY = 20;
    /** {@code run_optimization.py --work_in_stylespace} leaves the toRGB styles as they are. */
    public static final boolean TO_RGB = false;

    /** Of mode {@code best}; measured on avatar-128. */
    public static final int BEST_STEPS = 24;
    /** Of mode {@code best}: of gates, which start at 1. */
    public static final double BEST_LEARNING_RATE = 0.08;

    /** Most steps of one job. */
    public static final int MAX_STEPS = 100_000;
    /** Longest prompt, in characters; the text tower's own limit is in tokens and smaller. */
    public static final int MAX_PROMPT = 1_000;

    private static final String NOT_BLANK = "\\S";

    public OptimizeRequest {
        goal = Defaults.or(goal, Goal.EDIT);
        mode = Defaults.or(mode, Mode.FAITHFUL);
        space = Defaults.or(space, LatentSpace.W_PLUS);
        steps = Defaults.or(steps, mode == Mode.BEST ? BEST_STEPS : STEPS);
        learningRate = Defaults.or(learningRate, mode == Mode.BEST ? BEST_LEARNING_RATE : LEARNING_RATE);
        schedule = Defaults.or(schedule, new Schedule.Ramp(null, null));
        clipLambda = Defaults.or(clipLambda, CLIP_LAMBDA);
        l2Lambda = Defaults.or(l2Lambda, L2_LAMBDA);
        l2Reduction = Defaults.or(l2Reduction, Reduction.SUM);
        idLambda = Defaults.or(idLambda, ID_LAMBDA);
        truncation = Defaults.or(truncation, Truncation.psi(TRUNCATION));
        noise = Defaults.or(noise, Noise.CONST);
        previewEvery = Defaults.or(previewEvery, PREVIEW_EVERY);
        gates = mode == Mode.BEST && gates == null ? new Gates(null, null, null, null) : gates;
        optimizer = Defaults.or(optimizer, Optimizer.ADAM);
        toRgb = Defaults.or(toRgb, TO_RGB);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(Stream.ofNullable(source), Stream.of(Optional.ofNullable(tuned), Optional.ofNullable(gates)
                .map(
                        Gates::mapper)).flatMap(Optional::stream));
    }

    /** An edit with the published defaults; {@link #with} changes one. */
    public static OptimizeRequest of(String bundle, Source source, String prompt) {
        return new OptimizeRequest(bundle, source, prompt, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null);
    }

    /** An edit by the mode that does best what the words say. */
    public static OptimizeRequest best(String bundle, Source source, String prompt) {
        return new OptimizeRequest(bundle, source, prompt, null, null, null, null, null, null, null, null, null, null,
                null, null, null, Mode.BEST, null, null, null, null, null);
    }

    /** What the optimisation is for. */
    public enum Goal {
        /** Change a picture: the L2 and identity losses hold it near its start. */
        @JsonProperty("edit")
        EDIT,
        /** Make a picture from the mean latent: the CLIP loss alone. */
        @JsonProperty("free_generation")
        FREE_GENERATION
    }

    /** How an edit is found. */
    public enum Mode {
        /** As published: the latent itself is optimised. */
        @JsonProperty("faithful")
        FAITHFUL,
        /**
         * What the text is about, as sample pictures of the generator tell it, is exchanged in the latent. Without such samples:
         * a delta mapper proposes a long move, and what is optimised is how much of each component of it is made.
         */
        @JsonProperty("best")
        BEST
    }

    /**
     * Gates on the move that a delta mapper proposes.
     *
     * @param mapper    what a {@code delta-train} job made; absent: the bundle's own
     * @param strengths of the moves that are tried; the one whose picture fits best is gated
     * @param penalty   of the length of the gated move, by absolute values: what the text does not need is dropped
     * @param share     where the mapper's file has sample pictures: which share of the way is gone to where they fit the text
     *                  best, in what the text is about; nothing is gated then. 0: gates, whatever the file has
     */
    public record Gates(
            @Valid @Nullable Input mapper,
            @Size(min = 1, max = MAX_STRENGTHS) List<@NotNull @DecimalMin(value = "0", inclusive = false) @DecimalMax("10") Double> strengths,
            @DecimalMin("0") @DecimalMax("10") @JsonProperty(defaultValue = "0.004") Double penalty,
            @DecimalMin("0") @DecimalMax("10") @JsonProperty(defaultValue = "0.9") Double share) {
        /** Measured on avatar-128: one strength for all goes too far for many, who do not find back. */
        public static final List<Double> STRENGTHS = List.of(0.8, 1.0, 1.25, 1.6);
        /** Measured on avatar-128. */
        public static final double PENALTY = 0.004;
        /** Measured on avatar-128: less is not seen on some faces, more changes what stands beside it. */
        public static final double SHARE = 0.9;

        private static final int MAX_STRENGTHS = 16;

        public Gates {
            strengths = List.copyOf(Defaults.or(strengths, STRENGTHS));
            penalty = Defaults.or(penalty, PENALTY);
            share = Defaults.or(share, SHARE);
        }
    }

    /** What changes the latent. */
    public enum Optimizer {
        /** With PyTorch's defaults: StyleCLIP. */
        @JsonProperty("adam")
        ADAM,
        /** AdamW with AMSGrad and PyTorch's weight decay of 0.01: the StyleGAN3 course report. It pulls latents to zero. */
        @JsonProperty("adamw")
        ADAMW
    }

    /**
     * The directional loss of StyleGAN-NADA for one picture: what changes in it should be what changes from one text to the
     * other. It keeps the rest of a face better than the published loss alone.
     *
     * @param neutral what the picture shows before, in general words
     * @param weight  of the term
     */
    public record Directional(
            @Size(max = MAX_PROMPT) @Pattern(regexp = NOT_BLANK) @JsonProperty(defaultValue = "a person") String neutral,
            @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000") @JsonProperty(defaultValue = "0.5") Double weight) {
        /** Measured on avatar-128. */
        public static final String NEUTRAL = "a person";
        /** Measured on avatar-128, beside a CLIP term of 0.5. */
        public static final double WEIGHT = 0.5;

        public Directional {
            neutral = Defaults.or(neutral, NEUTRAL);
            weight = Defaults.or(weight, WEIGHT);
        }
    }
}
