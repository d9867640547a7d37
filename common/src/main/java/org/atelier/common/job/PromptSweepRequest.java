package org.atelier.common.job;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
 * The search of the StyleGAN3 course report ("the optimisation algorithm" of its latent optimisation): several wordings of
 * one wish are optimised with hardly any regularisation; those whose loss falls below a threshold work; for the best of
 * them the regularisation is then raised, so that the picture keeps what nobody asked to change. Every optimisation is a
 * job of its own.
 *
 * <p>Wordings that work are ranked by loss + identity loss, both means over the sources and both 1 - a cosine.
 *
 * @param bundle    whose networks are used
 * @param sources   the pictures that each wording is tried on
 * @param prompts   the wordings
 * @param base      further fields of every {@code optimize} request: steps, space, schedule ...; what is absent is as the
 *                  report has it
 * @param lambda    weight of the L2 and of the identity loss while wordings are compared
 * @param threshold largest final loss of a wording that works; absent: the bundle's {@code presets.prompt-sweep.threshold}.
 *                  It depends on the CLIP: the report has {@value #THRESHOLD} with ViT-B/32
 * @param best      how many of the wordings that work are taken further
 * @param lambdas   the weights, of both losses, that they are then tried with
 * @param sheet     whether the captioned sheet is made
 */
public record PromptSweepRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @NotNull @Size(min = 1, max = MAX_SOURCES) List<@Valid Source> sources,
        @NotNull @Size(min = 1, max = MAX_PROMPTS) List<@Size(min = 1, max = OptimizeRequest.MAX_PROMPT) String> prompts,
        @Nullable JsonNode base,
        @DecimalMin("0") @DecimalMax("1000") @JsonProperty(defaultValue = "0.001") Double lambda,
        @DecimalMin("0") @DecimalMax("1000") @Nullable Double threshold,
        @Min(1) @Max(MAX_PROMPTS) @JsonProperty(defaultValue = "1") Integer best,
        @Size(max = MAX_LAMBDAS) List<@DecimalMin("0") @DecimalMax("1000") Double> lambdas,
        @JsonProperty(defaultValue = "true") Boolean sheet) implements JobRequest {
    /** Both weights at the start (the report, step 1 of its algorithm). */
    public static final double LAMBDA = 0.001;
    /** Of ViT-B/32 (the report, step 2). */
    public static final double THRESHOLD = 0.65;
    /** The weights that the report shows; its example of a bald head ends at 0.5. */
    public static final List<Double> LAMBDAS = List.of(0.01, 0.1, 0.3, 0.5);
    /** The report's final table. */
    public static final int STEPS = 300;
    /** The report's final table; with 0.1 it saw noise. */
    public static final double LEARNING_RATE = 0.01;
    /** The report's final table: every 50 steps, halved. */
    public static final Schedule SCHEDULE = new Schedule.Step(50, 0.5);
    /** What the report's code computes. */
    public static final Reduction L2_REDUCTION = Reduction.MEAN;

    /** Most pictures that a wording is tried on. */
    public static final int MAX_SOURCES = 16;
    /** Most wordings. */
    public static final int MAX_PROMPTS = 32;
    /** Most weights. */
    public static final int MAX_LAMBDAS = 16;
    /** Most optimisations of one phase: their pictures and captions are one request and one event, which have 64 kB. */
    public static final int MAX_PARTS = 128;

    public PromptSweepRequest {
        sources = List.copyOf(Defaults.or(sources, List.of()));
        prompts = List.copyOf(Defaults.or(prompts, List.of()));
        base = Defaults.or(base, JsonNodeFactory.instance.objectNode());
        lambda = Defaults.or(lambda, LAMBDA);
        best = Defaults.or(best, 1);
        lambdas = List.copyOf(Defaults.or(lambdas, LAMBDAS));
        sheet = Defaults.or(sheet, true);
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(sources.stream());
    }
}
