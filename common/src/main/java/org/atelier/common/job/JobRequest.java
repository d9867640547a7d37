package org.atelier.common.job;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * What is to be computed. One record a job type; the JSON property {@code type} says which.
 *
 * <p>A request is complete: fields that the caller left out hold their defaults (the published ones, each a constant of
 * its record with its source). What is stored with a job is therefore what will run, whatever a later version's
 * defaults are.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
        @JsonSubTypes.Type(value = GenerateRequest.class, name = "generate"),
        @JsonSubTypes.Type(value = OptimizeRequest.class, name = "optimize"),
        @JsonSubTypes.Type(value = InvertRequest.class, name = "invert"),
        @JsonSubTypes.Type(value = GridRequest.class, name = "grid"),
        @JsonSubTypes.Type(value = PromptSweepRequest.class, name = "prompt-sweep"),
        @JsonSubTypes.Type(value = SheetRequest.class, name = "sheet"),
        @JsonSubTypes.Type(value = MapperTrainRequest.class, name = "mapper-train"),
        @JsonSubTypes.Type(value = MapperApplyRequest.class, name = "mapper-apply"),
        @JsonSubTypes.Type(value = DeltaTrainRequest.class, name = "delta-train"),
        @JsonSubTypes.Type(value = DeltaApplyRequest.class, name = "delta-apply"),
        @JsonSubTypes.Type(value = DirectionTrainRequest.class, name = "direction-train"),
        @JsonSubTypes.Type(value = DirectionApplyRequest.class, name = "direction-apply"),
        @JsonSubTypes.Type(value = BoundaryTrainRequest.class, name = "boundary-train"),
        @JsonSubTypes.Type(value = BoundaryApplyRequest.class, name = "boundary-apply"),
        @JsonSubTypes.Type(value = NadaFinetuneRequest.class, name = "nada-finetune")})
public sealed interface JobRequest permits GenerateRequest, OptimizeRequest, InvertRequest, GridRequest,
        PromptSweepRequest, SheetRequest, MapperTrainRequest, MapperApplyRequest, DeltaTrainRequest, DeltaApplyRequest,
        DirectionTrainRequest, DirectionApplyRequest, BoundaryTrainRequest, BoundaryApplyRequest, NadaFinetuneRequest {
    /** What a bundle name looks like: a name, or a name and a version behind an {@code @}. */
    String BUNDLE_PATTERN = "^[a-z0-9][a-z0-9._-]{0,62}(@[A-Za-z0-9][A-Za-z0-9._-]{0,30})?$";

    /** The bundle whose networks are used: {@code name} (its newest version) or {@code name@version}. */
    String bundle();

    /** The jobs whose results are read; each must have succeeded before this can start. */
    List<JobId> parents();

    /** Whether the job consists of other jobs: the dispatcher sees to it, no worker runs it, and it takes no slot. */
    default boolean composite() {
        return JobType.of(this).isComposite();
    }

    /**
     * The same request with one field set, and checked as if it had been sent.
     *
     * @param field as in JSON, for example {@code learning_rate}
     * @param value what JSON is made of: a number, a text, a list, a map, or a record of this package
     * @throws IllegalArgumentException if requests of this type have no such field, or it takes no such value
     */
    default JobRequest with(String field, Object value) {
        var tree = (ObjectNode) Json.tree(this);
        tree.set(field, Json.tree(value));
        try {
            return Json.strict().treeToValue(tree, JobRequest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("\"" + field + "\" of a request of type " + JobType.of(this)
                    + " cannot be " + Json.text(value) + ": " + e.getOriginalMessage(), e);
        }
    }

    /** A tuned form of the bundle's generator to be used in its place; null: the bundle's own. */
    default @Nullable Input tuned() {
        return null;
    }
}
