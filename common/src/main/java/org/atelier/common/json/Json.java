package org.atelier.common.json;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * Reads and writes every JSON document of Atelier: requests, events, manifests, HTTP bodies.
 *
 * <p>Names are snake_case, times ISO-8601 in UTC, properties sorted: equal documents have equal bytes.
 *
 * <p>Two readers exist. The <b>strict</b> one is for what a person or an upstream service sends: an unknown field, a
 * fraction where an integer is wanted or a key given twice is an error, because silently dropping a misspelt
 * {@code "steps"} costs device minutes. The <b>tolerant</b> one is for documents that another version of Atelier wrote:
 * it ignores fields that it does not know, so that a rolling update does not break on an added field.
 */
public final class Json {
    /** Deepest nesting that is read; requests need about ten levels. */
    private static final int MAX_NESTING = 64;

    /** Longest string value that is read, in characters. */
    private static final int MAX_STRING = 1 << 20;

    private static final JsonMapper TOLERANT = base()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final JsonMapper STRICT = base()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    private static JsonMapper.Builder base() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(MAX_STRING)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL,
                        JsonInclude.Include.NON_NULL))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    }

    /** The mapper for documents of Atelier's own; share it, never reconfigure it. */
    public static JsonMapper mapper() {
        return TOLERANT;
    }

    /** The mapper for what comes from outside; share it, never reconfigure it. */
    public static JsonMapper strict() {
        return STRICT;
    }

    /**
     * Writes a value as compact JSON in UTF-8.
     *
     * @throws IllegalArgumentException if the value cannot be written, which is a defect of its class
     */
    public static byte[] bytes(Object value) {
        try {
            return TOLERANT.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass().getName(), e);
        }
    }

    /** Writes a value as compact JSON text. */
    public static String text(Object value) {
        try {
            return TOLERANT.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass().getName(), e);
        }
    }

    /** Writes a value as indented JSON text, for files that people open. */
    public static String pretty(Object value) {
        try {
            return TOLERANT.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass().getName(), e);
        }
    }

    /**
     * Reads a document that Atelier wrote.
     *
     * @throws UncheckedIOException if the bytes are not such a document; its message says what is wrong and where
     */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return TOLERANT.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /** Binds a tree that Atelier wrote; like {@link #read}. */
    public static <T> T read(JsonNode json, Class<T> type) {
        try {
            return TOLERANT.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /** Turns a value into a tree. */
    public static JsonNode tree(Object value) {
        return TOLERANT.valueToTree(value);
    }
}
