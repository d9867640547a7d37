package org.atelier.common.request;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;

/**
 * Turns JSON into a submission, or says everything that is wrong with it.
 *
 * <p>The rules are those of {@code job-submission.schema.json}, which is derived from the records: a caller who validates
 * against the schema gets the same answer without asking. Safe for use by several threads.
 */
public final class SubmissionReader {
    private static final String SCHEMA = "/org/atelier/common/schema/job-submission.schema.json";

    private final Schema schema;

    /** Loads the schema. */
    public SubmissionReader() {
        try (InputStream in = SubmissionReader.class.getResourceAsStream(SCHEMA)) {
            this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(in,
                    InputFormat.JSON);
            schema.initializeValidators();
        } catch (IOException e) {
            throw new IllegalStateException("the schema is part of this library", e);
        }
    }

    /**
     * Reads a body.
     *
     * @throws InvalidSubmissionException if it is no JSON, or no sound submission
     */
    public ReadSubmission read(byte[] body) {
        JsonNode tree;
        try {
            tree = Json.strict().readTree(body);
        } catch (JsonProcessingException e) {
            throw invalid("is no JSON: " + e.getOriginalMessage() + at(e));
        } catch (IOException e) {
            throw invalid("is no JSON: " + e.getMessage());
        }
        return read(tree);
    }

    /**
     * Reads a tree.
     *
     * @throws InvalidSubmissionException if it is no sound submission
     */
    public ReadSubmission read(JsonNode body) {
        var violations = SchemaViolations.of(schema.validate(body));
        if (!violations.isEmpty()) {
            throw new InvalidSubmissionException(violations);
        }
        try {
            return new ReadSubmission(Json.strict().treeToValue(body, JobSubmission.class), fingerprint(body));
        } catch (JsonProcessingException e) {
            throw invalid(e.getOriginalMessage());
        }
    }

    /** Equal for bodies that differ in spacing and the order of their fields only. */
    private static String fingerprint(JsonNode body) {
        return Digest.of(Json.bytes(Json.read(body, Object.class))).toString();
    }

    private static InvalidSubmissionException invalid(String message) {
        return new InvalidSubmissionException(List.of(new Violation("", message)));
    }

    private static String at(JsonProcessingException e) {
        var location = e.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
