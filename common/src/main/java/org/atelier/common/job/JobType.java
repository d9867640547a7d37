package org.atelier.common.job;

import java.util.Arrays;

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
    /** Trains StyleCLIP's latent mapper for one text. */
    MAPPER_TRAIN("mapper-train", MapperTrainRequest.class),
    /** Edits pictures with a trained mapper. */
    MAPPER_APPLY("mapper-apply", MapperApplyRequest.class);

    private final String wireName;
    private final Class<? extends JobRequest> requestClass;

    JobType(String wireName, Class<? extends JobRequest> requestClass) {
        this.wireName = wireName;
        this.requestClass = requestClass;
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
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job type \"" + wireName + "\", there are "
                        + Arrays.stream(values()).map(JobType::wireName).toList()));
    }

    /** The type of a request. */
    public static JobType of(JobRequest request) {
        return switch (request) {
            case GenerateRequest g -> GENERATE;
            case OptimizeRequest o -> OPTIMIZE;
            case InvertRequest i -> INVERT;
            case MapperTrainRequest m -> MAPPER_TRAIN;
            case MapperApplyRequest m -> MAPPER_APPLY;
        };
    }

    @Override
    public String toString() {
        return wireName;
    }
}
