package org.atelier.common.job;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The types of job. Each has one request record, and in a worker one runner. */
public enum JobType {
    /** Pictures of given seeds or latents. */
    GENERATE("generate", GenerateRequest.class),
    /** StyleCLIP latent optimisation: edits one picture towards a text. */
    OPTIMIZE("optimize", OptimizeRequest.class),
    /** Finds the latent of a given image. */
    INVERT("invert", InvertRequest.class),
    /** One request with every combination of some values. */
    GRID("grid", GridRequest.class, true),
    /** The search for the words that work, and for how firmly the picture can then be held. */
    PROMPT_SWEEP("prompt-sweep", PromptSweepRequest.class, true),
    /** One captioned picture of many. */
    SHEET("sheet", SheetRequest.class),
    /** Trains StyleCLIP's latent mapper for one text. */
    MAPPER_TRAIN("mapper-train", MapperTrainRequest.class),
    /** Edits pictures with a trained mapper. */
    MAPPER_APPLY("mapper-apply", MapperApplyRequest.class),
    /** Trains a delta mapper: how latents move for any text. */
    DELTA_TRAIN("delta-train", DeltaTrainRequest.class),
    /** Edits pictures by a delta mapper, in milliseconds each. */
    DELTA_APPLY("delta-apply", DeltaApplyRequest.class),
    /** StyleCLIP global directions: measures what each channel of StyleSpace does, once for a bundle. */
    DIRECTION_TRAIN("direction-train", DirectionTrainRequest.class),
    /** StyleCLIP global directions: edits many pictures by many texts from that table. */
    DIRECTION_APPLY("direction-apply", DirectionApplyRequest.class),
    /** InterFaceGAN: finds the hyperplane that separates faces with an attribute from faces without. */
    BOUNDARY_TRAIN("boundary-train", BoundaryTrainRequest.class),
    /** InterFaceGAN: walks across that hyperplane. */
    BOUNDARY_APPLY("boundary-apply", BoundaryApplyRequest.class),
    /** StyleGAN-NADA: tunes a generator towards a text. */
    NADA_FINETUNE("nada-finetune", NadaFinetuneRequest.class);

    private final String wireName;
    private final Class<? extends JobRequest> requestClass;
    private final boolean composite;

    JobType(String wireName, Class<? extends JobRequest> requestClass) {
        this(wireName, requestClass, false);
    }

    JobType(String wireName, Class<? extends JobRequest> requestClass, boolean composite) {
        this.wireName = wireName;
        this.requestClass = requestClass;
        this.composite = composite;
    }

    /** The types that workers run. All jobs of the others consist of other jobs. */
    public static List<JobType> ofWorkers() {
        return Arrays.stream(values()).filter(type -> !type.composite).toList();
    }

    /** Whether all of its jobs consist of other jobs, so that no worker runs any; see {@link JobRequest#composite}. */
    public boolean isComposite() {
        return composite;
    }

    /** The name in requests, events, metrics and pool settings. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The record that requests of this type are bound to. */
    public Class<? extends JobRequest> requestClass() {
        return requestClass;
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    @JsonCreator
    public static JobType parse(String wireName) {
        return parseIfKnown(wireName)
                .orElseThrow(() -> new IllegalArgumentException("no job type \"" + wireName + "\", there are "
                        + Arrays.stream(values()).map(JobType::wireName).toList()));
    }

    /** The type of that name, or empty if there is none. */
    public static Optional<JobType> parseIfKnown(String wireName) {
        return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
    }

    /** The type of a request. */
    public static JobType of(JobRequest request) {
        return switch (request) {
            case GenerateRequest g -> GENERATE;
            case OptimizeRequest o -> OPTIMIZE;
            case InvertRequest i -> INVERT;
            case GridRequest g -> GRID;
            case PromptSweepRequest p -> PROMPT_SWEEP;
            case SheetRequest s -> SHEET;
            case MapperTrainRequest m -> MAPPER_TRAIN;
            case MapperApplyRequest m -> MAPPER_APPLY;
            case DeltaTrainRequest t -> DELTA_TRAIN;
            case DeltaApplyRequest a -> DELTA_APPLY;
            case DirectionTrainRequest d -> DIRECTION_TRAIN;
            case DirectionApplyRequest d -> DIRECTION_APPLY;
            case BoundaryTrainRequest b -> BOUNDARY_TRAIN;
            case BoundaryApplyRequest b -> BOUNDARY_APPLY;
            case NadaFinetuneRequest n -> NADA_FINETUNE;
        };
    }

    @Override
    public String toString() {
        return wireName;
    }
}
