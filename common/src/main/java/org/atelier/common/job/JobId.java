package org.atelier.common.job;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.uuid.Generators;

/**
 * The name of a job: 3 to 64 characters of {@code a-z}, {@code 0-9} and {@code -}, starting with a letter or digit. It
 * is part of store keys and URLs, which is why nothing else is allowed.
 *
 * @param value the name
 */
public record JobId(@JsonValue String value) {
    /** What an id looks like, as a regular expression. */
    public static final String PATTERN = "[a-z0-9][a-z0-9-]{2,63}";

    private static final Pattern SHAPE = Pattern.compile(PATTERN);

    /** Name space of the ids that are derived from idempotency keys; changing it would break running retries. */
    private static final UUID KEY_SPACE = UUID.fromString("7d9a6a0e-4c1b-5d53-9c0e-3b1f5e6d2a84");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a job id has 3 to 64 characters of a-z, 0-9 and -, and starts with a letter or digit: \"" + value
                            + '"');
        }
    }

    /** A new id (UUIDv7: sorts after the ids of earlier milliseconds). */
    public static JobId random() {
        return new JobId(Generators.timeBasedEpochGenerator().generate().toString());
    }

    /**
     * The id that belongs to an idempotency key: the same tenant and key give the same id, in every process and version
     * (UUIDv5).
     */
    public static JobId ofKey(String tenant, String idempotencyKey) {
        var name = tenant + '\0' + idempotencyKey;
        var generator = Generators.nameBasedGenerator(KEY_SPACE);
        return new JobId(generator.generate(name.getBytes(StandardCharsets.UTF_8)).toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
