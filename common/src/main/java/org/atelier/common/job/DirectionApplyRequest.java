package org.atelier.common.job;

import java.util.List;
import java.util.Objects;
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
 * Edits by global directions (Patashnik et al. 2021, section 6): every source by every text in every strength, from a table
 * that {@link DirectionTrainRequest} made. The face moves along the same direction of StyleSpace whoever it is.
 *
 * @param bundle     whose networks are used
 * @param tuned      a tuned form of the generator; absent: the bundle's own
 * @param table      of this bundle, whole
 * @param sources    what is edited
 * @param prompts    what becomes of it
 * @param strengths  alpha: how far along the direction, where 1 is a standard deviation of the most relevant channel;
 *                   negative values go the other way, 0 is the source
 * @param selection  which channels take part, where a prompt does not say otherwise
 * @param templates  how a text is said to CLIP
 * @param truncation of sources that are seeds
 * @param noise      of the generator
 * @param files      whether each edit is also a picture and a latent of its own, beside the sheet of all
 */
public record DirectionApplyRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @Valid @Nullable Input tuned,
        @NotNull @Valid Input table,
        @NotNull @Size(min = 1, max = MAX_SOURCES) List<@Valid Source> sources,
        @NotNull @Size(min = 1, max = MAX_PROMPTS) List<@Valid Prompt> prompts,
        @Size(min = 1, max = MAX_STRENGTHS) List<@NotNull @DecimalMin("-100") @DecimalMax("100") Double> strengths,
        @Valid Selection selection,
        @JsonProperty(defaultValue = "imagenet") Templates templates,
        @Valid Truncation truncation,
        @Valid Noise noise,
        @JsonProperty(defaultValue = "true") Boolean files) implements JobRequest {
    /** The notebook's alpha. {@code Inference.py} has 3. */
    public static final double STRENGTH = 4.1;
    /** {@code PlayInteractively} and stylegan3-editing draw their faces with it. */
    public static final double TRUNCATION = 0.7;
    /** Most sources of one job. */
    public static final int MAX_SOURCES = 64;
    /** Most prompts of one job. */
    public static final int MAX_PROMPTS = 64;
    /** Most strengths of one job. */
    public static final int MAX_STRENGTHS = 32;
    /** Most edits that become files; the event of a job's end names them all and has 64 kB. */
    public static final int MAX_FILES = 128;
    /** Most edits on one sheet. */
    public static final int MAX_EDITS = 2_048;

    public DirectionApplyRequest {
        sources = List.copyOf(Defaults.or(sources, List.of()));
        prompts = List.copyOf(Defaults.or(prompts, List.of()));
        strengths = List.copyOf(Defaults.or(strengths, List.of(STRENGTH)));
        selection = Defaults.or(selection, new Selection.Budget(Selection.Budget.CHANNELS));
        templates = Defaults.or(templates, Templates.IMAGENET);
        truncation = Defaults.or(truncation, Truncation.psi(TRUNCATION));
        noise = Defaults.or(noise, Noise.CONST);
        files = Defaults.or(files, true);
    }

    /** Edits of sources by a table, everything else as by default. */
    public static DirectionApplyRequest of(String bundle, Input table, List<Source> sources, List<Prompt> prompts) {
        return new DirectionApplyRequest(bundle, null, table, sources, prompts, List.of(STRENGTH),
                new Selection.Budget(Selection.Budget.CHANNELS), Templates.IMAGENET, Truncation.psi(TRUNCATION),
                Noise.CONST, true);
    }

    /** How many edits these are. */
    public int edits() {
        return sources.size() * prompts.size() * strengths.size();
    }

    @Override
    public List<JobId> parents() {
        return Parents.of(sources.stream(), Stream.of(table, tuned).filter(Objects::nonNull));
    }

    /**
     * What an edit changes, in words.
     *
     * @param neutral   what the picture shows now
     * @param target    what it should show
     * @param selection which channels take part; absent: as the request says
     */
    public record Prompt(
            @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = NOT_BLANK) @JsonProperty(defaultValue = "face") String neutral,
            @NotNull @Size(max = OptimizeRequest.MAX_PROMPT) @Pattern(regexp = NOT_BLANK) String target,
            @Valid @Nullable Selection selection) {
        /** The notebook's neutral word. */
        public static final String NEUTRAL = "face";
        private static final String NOT_BLANK = "\\S";

        public Prompt {
            neutral = Defaults.or(neutral, NEUTRAL);
        }
    }

    /** Which channels take part in an edit. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(Selection.Beta.class), @JsonSubTypes.Type(Selection.Budget.class)})
    public sealed interface Selection {
        /**
         * Those whose relevance is at least beta. The notebook has 0.15, from 0.08 to 0.3, for OpenAI's CLIP; another CLIP
         * has another scale.
         *
         * @param beta smallest cosine between a channel's direction and the text's
         */
        record Beta(@NotNull @DecimalMin("0") @DecimalMax("1") Double beta) implements Selection {}

        /**
         * The most relevant ones. Colours want 10 to 20, shapes 100 to 200 (StyleCLIP's README).
         *
         * @param channels how many
         */
        record Budget(@NotNull @Min(1) @Max(100_000) Integer channels) implements Selection {
            /** {@code Inference.py} lowers beta until more than this many channels of a face are left. */
            public static final int CHANNELS = 20;
        }
    }
}
