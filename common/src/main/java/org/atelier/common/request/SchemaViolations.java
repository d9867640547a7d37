package org.atelier.common.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;

/** Says in words for callers what a schema validator found. */
final class SchemaViolations {
    private SchemaViolations() {}

    /** Everything that is wrong, once each. */
    static List<Violation> of(List<Error> errors) {
        var violations = new ArrayList<Violation>();
        var alternatives = new LinkedHashMap<String, Set<String>>();
        for (var error : errors) {
            if (isOneOfSeveral(error)) {
                alternatives.computeIfAbsent(where(error), key -> new LinkedHashSet<>()).add(error.getProperty());
            } else {
                violations.add(of(error));
            }
        }
        alternatives.forEach((where, fields) -> violations.add(
                new Violation(where, "must have one of the fields " + String.join(", ", fields))));
        return violations.stream().distinct().toList();
    }

    /** The alternatives of a source and the like are told apart by one field each; all of them are reported missing. */
    private static boolean isOneOfSeveral(Error error) {
        return "required".equals(error.getKeyword()) && error.getEvaluationPath().toString().contains("/anyOf/");
    }

    private static Violation of(Error error) {
        var where = where(error);
        var value = error.getInstanceNode();
        var rule = error.getSchemaNode();
        return switch (error.getKeyword()) {
            case "required" -> new Violation(where + "/" + error.getProperty(), "is missing");
            case "additionalProperties" -> new Violation(where + "/" + error.getProperty(), "is not known here");
            case "enum" -> new Violation(where, "is " + value + "; it must be one of " + words(rule));
            case "const" -> new Violation(where, "is " + value + "; it must be " + rule);
            case "minimum" -> new Violation(where, "is " + value + "; it must be at least " + rule);
            case "maximum" -> new Violation(where, "is " + value + "; it must be at most " + rule);
            case "exclusiveMinimum" -> new Violation(where, "is " + value + "; it must be more than " + rule);
            case "type" -> new Violation(where, "is " + kind(value) + "; it must be of type " + rule.asText());
            case "minItems" -> new Violation(where, "is too short; it must have at least " + rule + " elements");
            case "maxLength" -> new Violation(where, "is too long; it must have at most " + rule + " characters");
            case "maxItems", "maxProperties" ->
                new Violation(where, "has too many elements; it must have at most " + rule);
            case "pattern" -> new Violation(where, "is " + value + "; it must match " + rule.asText());
            default -> new Violation(where, error.getMessage());
        };
    }

    private static String where(Error error) {
        return error.getInstanceLocation().toString();
    }

    private static String words(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    /** Scalars are shown; of whole trees, only what they are. */
    private static String kind(JsonNode node) {
        return node.isContainerNode()
                ? "a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT)
                : node.toString();
    }
}
