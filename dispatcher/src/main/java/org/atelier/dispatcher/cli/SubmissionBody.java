package org.atelier.dispatcher.cli;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.atelier.common.json.Json;

/**
 * A JobSubmission document in the making. It is not checked here: the dispatcher knows the rules and the bundle, and says
 * everything that is wrong with it.
 */
final class SubmissionBody {
    private final ObjectNode submission;

    private SubmissionBody(ObjectNode submission) {
        this.submission = submission;
    }

    /** A request of a type, with nothing in it. */
    static SubmissionBody ofType(String type) {
        var body = new SubmissionBody(JsonNodeFactory.instance.objectNode());
        body.request().put("type", type);
        return body;
    }

    /**
     * A document that was written by hand: a whole submission, or a request alone.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static SubmissionBody read(String text) {
        JsonNode tree;
        try {
            tree = Json.strict().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the submission is no JSON: " + e.getMessage(), e);
        }
        if (tree instanceof ObjectNode object && object.has("request")) {
            return new SubmissionBody(object);
        }
        if (tree instanceof ObjectNode request && request.has("type")) {
            var body = new SubmissionBody(JsonNodeFactory.instance.objectNode());
            body.submission.set("request", request);
            return body;
        }
        throw new IllegalArgumentException(
                "the submission has neither \"request\" (a whole submission) nor \"type\" (a request alone)");
    }

    ObjectNode request() {
        return submission.withObject("/request");
    }

    /** Puts a request of a type, with nothing in it, in the place of this one, which is returned. */
    ObjectNode replaceRequest(String type) {
        var before = request();
        submission.putObject("request").put("type", type);
        return before;
    }

    /**
     * Sets fields of the request.
     *
     * @param fields names, with dots between the levels ({@code truncation.psi}), and JSON values; what is no JSON is text
     */
    SubmissionBody set(Map<String, String> fields) {
        fields.forEach((name, value) -> {
            var target = request();
            var levels = name.split("\\.", -1);
            for (int level = 0; level < levels.length - 1; level++) {
                target = target.withObject("/" + levels[level]);
            }
            target.set(levels[levels.length - 1], value(value));
        });
        return this;
    }

    /** Sets those fields of the request that it does not have. A field that it has stays whole, with all that is in it. */
    void fill(JsonNode defaults) {
        defaults.properties().forEach(field -> request().putIfAbsent(field.getKey(), field.getValue()));
    }

    SubmissionBody priority(int priority) {
        submission.put("priority", priority);
        return this;
    }

    SubmissionBody labels(Map<String, String> labels) {
        labels.forEach(submission.withObject("/labels")::put);
        return this;
    }

    SubmissionBody subjects(List<String> subjects) {
        subjects.forEach(submission.withArray("/subjects")::add);
        return this;
    }

    JsonNode tree() {
        return submission;
    }

    /** JSON, or text where it is none. */
    static JsonNode value(String text) {
        try {
            return Json.strict().readTree(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }
}
