package org.atelier.dispatcher.retention;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;

/**
 * Makes a record of whatever type with a blob wherever one can be named: of alternatives, every one is taken in turn. So a
 * type that is added later is made as well.
 */
final class Anything {
    private final Set<Digest> blobs = new LinkedHashSet<>();
    private final String seed;

    Anything(String seed) {
        this.seed = seed;
    }

    /** All blobs that were named so far. */
    Set<Digest> blobs() {
        return blobs;
    }

    /** Enough records of a type for every alternative inside to be in one of them. */
    <T> List<T> all(Class<? extends T> type) {
        return IntStream.range(0, alternatives(type, 0)).mapToObj(turn -> type.<T>cast(make(type, turn))).map(
                made -> (T) made).toList();
    }

    private static int alternatives(Type type, int depth) {
        var raw = raw(type);
        if (depth > 6) {
            return 1;
        }
        if (raw.isSealed()) {
            return Arrays.stream(raw.getPermittedSubclasses()).mapToInt(one -> alternatives(one, depth + 1)).sum();
        }
        if (List.class.isAssignableFrom(raw)) {
            return alternatives(argument(type), depth + 1);
        }
        return raw.isRecord() && raw.getPackageName().equals(JobId.class.getPackageName())
                ? Arrays.stream(raw.getRecordComponents()).mapToInt(part -> alternatives(part.getGenericType(), depth
                        + 1)).max().orElse(1)
                : 1;
    }

    private Object make(Type type, int turn) {
        var raw = raw(type);
        if (raw == Digest.class) {
            var digest = Digest.of((seed + blobs.size()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            blobs.add(digest);
            return digest;
        }
        if (JsonNode.class.isAssignableFrom(raw)) {
            return Json.tree(Map.of("of any form", List.of(make(Digest.class, turn))));
        }
        if (raw == JobId.class) {
            return new JobId("parent-of-something");
        }
        if (raw.isSealed()) {
            int left = turn % alternatives(raw, 0);
            for (var one : raw.getPermittedSubclasses()) {
                int ways = alternatives(one, 0);
                if (left < ways) {
                    return make(one, left);
                }
                left -= ways;
            }
        }
        if (List.class.isAssignableFrom(raw)) {
            return new ArrayList<>(List.of(make(argument(type), turn)));
        }
        if (raw == Map.class) {
            return Map.of();
        }
        if (raw == String.class) {
            return "text";
        }
        if (raw == double.class || raw == Double.class) {
            return 1.0;
        }
        if (raw == long.class || raw == Long.class) {
            return 1L;
        }
        if (raw == int.class || raw == Integer.class) {
            return 1;
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return true;
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        if (raw.isRecord()) {
            return construct(raw, turn);
        }
        throw new IllegalStateException("what is a " + type + "?");
    }

    private Object construct(Class<?> record, int turn) {
        var parts = record.getRecordComponents();
        try {
            var constructor = record.getDeclaredConstructor(Stream.of(parts).map(RecordComponent::getType).toArray(
                    Class[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(Stream.of(parts).map(part -> make(part.getGenericType(), turn)).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record + " could not be made", e);
        }
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }
}
