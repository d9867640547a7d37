package org.atelier.common.request;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;

/** Turns JSON into a submission, or says everything that is wrong with it. */
public final class SubmissionReader {
    /**
     * Reads a body.
     *
     * @throws InvalidSubmissionException if it is no JSON, or no sound submission
     */
    public ReadSubmission read(byte[] body) {
        try {
            return read(Json.strict().readTree(body));
        } catch (IOException e) {
            throw new InvalidSubmissionException(List.of(new Violation("", "is no JSON: " + e.getMessage())));
        }
    }

    /**
     * Reads a tree.
     *
     * @throws InvalidSubmissionException if it is no sound submission
     */
    public ReadSubmission read(JsonNode body) {
        try {
            return new ReadSubmission(Json.strict().treeToValue(body, JobSubmission.class),
                    Digest.of(Json.bytes(Json.read(body, Object.class))).toString());
        } catch (JsonProcessingException e) {
            throw new InvalidSubmissionException(List.of(new Violation("", e.getMessage())));
        }
    }
}
