package org.atelier.common.job;

import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.atelier.common.artifact.Digest;
import org.jspecify.annotations.Nullable;

/** A file that a request reads, such as a trained mapper: named by its digest, or as what another job made. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(Input.Blob.class), @JsonSubTypes.Type(Input.Result.class)})
public sealed interface Input {
    /** Longest name of an artifact. */
    int MAX_NAME = 128;

    /** The job whose success the file waits for, if there is one. */
    Optional<JobId> parent();

    /**
     * A stored file.
     *
     * @param blob its digest
     */
    record Blob(@NotNull Digest blob) implements Input {
        @Override
        public Optional<JobId> parent() {
            return Optional.empty();
        }
    }

    /**
     * An artifact of another job of the same tenant, of its first run that succeeded: the same file whenever it is read.
     *
     * @param job      that makes it; the request waits until it has succeeded
     * @param artifact its name in the job's result; absent: what jobs of that kind usually make for this use
     */
    record Result(@NotNull JobId job, @Nullable @Size(max = MAX_NAME) String artifact) implements Input {
        @Override
        public Optional<JobId> parent() {
            return Optional.of(job);
        }
    }
}
