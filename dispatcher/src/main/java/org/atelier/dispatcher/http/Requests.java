package org.atelier.dispatcher.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.request.Violation;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** Reads the parts of requests, or says precisely what is wrong with them. */
final class Requests {
    /** Largest body, in bytes: it becomes the data of an event. */
    static final int MAX_BODY = EventCodec.MAX_DATA;

    private static final String JSON = "application/json";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private Requests() {}

    /** The body, which must be JSON. */
    static JsonNode json(Context ctx) {
        return checkedSize(json(ctx, MAX_BODY));
    }

    /** The body of at most so many bytes, which must be JSON. */
    static JsonNode json(Context ctx, int max) {
        var type = mediaType(ctx);
        if (!type.equals(JSON)) {
            throw new ProblemException(ProblemKind.UNSUPPORTED_MEDIA_TYPE, (type.isEmpty()
                    ? "The body has no Content-Type"
                    : "The body is " + type) + "; it must be " + JSON + ".");
        }
        var body = bytes(ctx, max);
        try {
            var tree = Json.strict().readTree(body);
            if (tree.isMissingNode()) {
                throw new ProblemException(ProblemKind.INVALID_JSON, "The body is empty; it must be a document.");
            }
            return tree;
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw new ProblemException(ProblemKind.INVALID_JSON, e.getOriginalMessage() + (where == null
                    ? ""
                    : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")"));
        } catch (IOException e) {
            throw new ProblemException(ProblemKind.INVALID_JSON, String.valueOf(e.getMessage()));
        }
    }

    /** The media type of the body, in lower case; empty where nothing is said. */
    static String mediaType(Context ctx) {
        return Optional.ofNullable(ctx.contentType()).orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** The body of at most so many bytes. */
    static byte[] bytes(Context ctx, int max) {
        try (InputStream in = ctx.bodyInputStream()) {
            var body = in.readNBytes(max + 1);
            if (body.length > max) {
                throw tooLarge(max);
            }
            return body;
        } catch (IOException e) {
            throw new ProblemException(ProblemKind.INVALID_JSON, "The body broke off (" + e.getMessage() + ").");
        }
    }

    /** Written again a body can be longer than it was: 1E9 becomes 1000000000.0. */
    private static JsonNode checkedSize(JsonNode tree) {
        if (Json.bytes(tree).length > MAX_BODY) {
            throw tooLarge(MAX_BODY);
        }
        return tree;
    }

    private static ProblemException tooLarge(int max) {
        return new ProblemException(ProblemKind.TOO_LARGE, "The body may have " + max
                + " bytes at most" + (max == MAX_BODY
                        ? "; pictures and latents are stored first and named by their digest."
                        : "."));
    }

    /** The body as a record, which may have no further fields. */
    static <T> T bind(Context ctx, Class<T> type) {
        var tree = json(ctx);
        try {
            return Json.strict().treeToValue(tree, type);
        } catch (JsonMappingException e) {
            var field = e.getPath().stream()
                    .map(reference -> "/" + (reference.getFieldName() == null
                            ? reference.getIndex()
                            : reference.getFieldName()))
                    .collect(Collectors.joining());
            throw invalid(List.of(new Violation(field, e.getOriginalMessage().lines().findFirst().orElse(""))));
        } catch (JsonProcessingException e) {
            throw invalid(List.of(new Violation("", e.getOriginalMessage())));
        }
    }

    /** A part of the body, or one more violation. */
    static <T> Optional<T> part(List<Violation> violations, String field, Function<String, T> parser, String text) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            violations.add(new Violation(field, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Refuses a body with which something is wrong. */
    static void check(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw invalid(violations);
        }
    }

    /** The problem of a body that was read and is not as it should be. */
    static ProblemException invalid(List<Violation> violations) {
        return new ProblemException(ProblemKind.INVALID_BODY,
                "Nothing was done; each violation names a field and what it may be.", violations);
    }

    /** The id in the path of a request that makes a job. */
    static JobId newJob(Context ctx) {
        try {
            return new JobId(ctx.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw invalid("id", String.valueOf(e.getMessage()));
        }
    }

    /** The id in the path of a request about a job that should be there: what cannot be an id is none. */
    static JobId job(Context ctx) {
        var id = ctx.pathParam("id");
        try {
            return new JobId(id);
        } catch (IllegalArgumentException e) {
            throw unknownJob(id);
        }
    }

    static ProblemException unknownJob(String id) {
        return new ProblemException(ProblemKind.UNKNOWN_JOB, "There is no job " + id + ".");
    }

    /** The key by which the caller will recognise a repeat, if there is one. */
    static Optional<String> idempotencyKey(Context ctx) {
        try {
            return Optional.ofNullable(ctx.header(IDEMPOTENCY_KEY)).map(Requests::idempotencyKey);
        } catch (IllegalArgumentException e) {
            throw invalid(IDEMPOTENCY_KEY, String.valueOf(e.getMessage()));
        }
    }

    /**
     * A key by which a caller will recognise a repeat.
     *
     * @throws IllegalArgumentException if the text is none; the message says what one has
     */
    static String idempotencyKey(String text) {
        if (!KEY.matcher(text).matches()) {
            throw new IllegalArgumentException("has 1 to 255 printable ASCII characters without blanks");
        }
        return text;
    }

    /** The span that the caller's request came of; {@code null} where it says none, or one that is malformed. */
    static @Nullable TraceContext trace(Context ctx) {
        return TraceContext.parse(ctx.header(TraceContext.TRACEPARENT), ctx.header(TraceContext.TRACESTATE)).orElse(
                null);
    }

    /** The position of the last event that a watcher has seen; before all of them where it has seen none. */
    static long lastEventId(Context ctx) {
        var id = ctx.header(LAST_EVENT_ID);
        if (id == null || id.isEmpty()) {
            return -1;
        }
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw invalid(LAST_EVENT_ID, "is \"" + id + "\"; it must be the id of an event of this stream");
        }
    }

    /** Refuses parameters that have no meaning: a misspelt filter would otherwise find everything. */
    static void allowParameters(Context ctx, Set<String> allowed) {
        var unknown = new TreeSet<>(ctx.queryParamMap().keySet());
        unknown.removeAll(allowed);
        if (!unknown.isEmpty()) {
            throw invalid(unknown.first(), "is not known here; there are " + new TreeSet<>(allowed));
        }
    }

    /** A parameter, if it was given. */
    static <T> Optional<T> parameter(Context ctx, String name, Function<String, T> parser) {
        return Optional.ofNullable(ctx.queryParam(name)).map(text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw invalid(name, String.valueOf(e.getMessage()));
            }
        });
    }

    private static ProblemException invalid(String name, String message) {
        return new ProblemException(ProblemKind.INVALID_PARAMETER, name + " " + message + ".", List.of(new Violation(
                name, message)));
    }
}
