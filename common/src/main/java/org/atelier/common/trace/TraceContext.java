package org.atelier.common.trace;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * A span that something else can be a child of or link to, as it travels: the two headers of the W3C's Trace Context, which are
 * attributes of CloudEvents by the same names (the distributed tracing extension).
 *
 * @param traceparent version 00: {@code 00-<trace id, 32 hex digits>-<span id, 16>-<flags, 2>}
 * @param tracestate  what vendors add, passed on as it came; absent where there is none
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {
    /** Name of the HTTP header and of the attribute of events. */
    public static final String TRACEPARENT = "traceparent";
    /** Name of the HTTP header and of the attribute of events. */
    public static final String TRACESTATE = "tracestate";

    /** Later versions may have further parts, which are left out. */
    private static final Pattern SHAPE = Pattern.compile(
            "(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?");
    private static final Pattern ZEROS = Pattern.compile("0+");
    private static final String VERSION = "00";
    private static final String NO_VERSION = "ff";
    private static final int SAMPLED = 1;
    private static final int HEX = 16;
    /** So much of it everybody must pass on; a longer one is left out as a whole. */
    private static final int MAX_STATE = 512;
    private static final Pattern STATE = Pattern.compile("[\\x20-\\x7e]+");

    /** @throws IllegalArgumentException if the traceparent is none of version 00 */
    public TraceContext {
        if (!traceparent.equals(parsed(traceparent).orElse(null))) {
            throw new IllegalArgumentException("is no traceparent of version 00: " + traceparent);
        }
    }

    /**
     * What a caller sent. A traceparent that is malformed is as good as none, as the standard wants it: nobody's request fails
     * because of it.
     */
    public static Optional<TraceContext> parse(@Nullable String traceparent, @Nullable String tracestate) {
        return Optional.ofNullable(traceparent).flatMap(TraceContext::parsed).map(parent -> new TraceContext(parent,
                state(
                        tracestate)));
    }

    /**
     * A span of the caller's tracing library.
     *
     * @param traceId 32 hex digits
     * @param spanId  16 hex digits
     * @return empty if that is no span, for example because none is current
     */
    public static Optional<TraceContext> of(String traceId, String spanId, boolean sampled) {
        return parse(VERSION + "-" + traceId + "-" + spanId + (sampled ? "-01" : "-00"), null);
    }

    private static Optional<String> parsed(String text) {
        var matcher = SHAPE.matcher(text.strip());
        return matcher.matches() && isKnown(matcher) && !isZero(matcher.group("trace")) && !isZero(matcher.group(
                "span"))
                        ? Optional.of(VERSION + "-" + matcher.group("trace") + "-" + matcher.group("span") + "-"
                                + flags(matcher
                                        .group("flags")))
                        : Optional.empty();
    }

    private static boolean isKnown(Matcher matcher) {
        var version = matcher.group("version");
        return !version.equals(NO_VERSION) && (matcher.group("more") == null || !version.equals(VERSION));
    }

    private static boolean isZero(String id) {
        return ZEROS.matcher(id).matches();
    }

    /** Of the flags, version 00 knows one. */
    private static String flags(String text) {
        return String.format(Locale.ROOT, "%02x", Integer.parseInt(text, HEX) & SAMPLED);
    }

    private static @Nullable String state(@Nullable String text) {
        var state = text == null ? "" : text.strip();
        return state.length() <= MAX_STATE && STATE.matcher(state).matches() ? state : null;
    }

    /** As headers of a request over HTTP. */
    public Map<String, String> headers() {
        return tracestate == null
                ? Map.of(TRACEPARENT, traceparent)
                : Map.of(TRACEPARENT, traceparent, TRACESTATE, tracestate);
    }

    /** The trace, 32 hex digits. */
    public String traceId() {
        return matched("trace");
    }

    /** The span, 16 hex digits. */
    public String spanId() {
        return matched("span");
    }

    /** Whether whoever made the span keeps it. */
    @JsonIgnore
    public boolean isSampled() {
        return Integer.parseInt(matched("flags"), HEX) == SAMPLED;
    }

    private String matched(String part) {
        var matcher = SHAPE.matcher(traceparent);
        if (!matcher.matches()) {
            throw new IllegalStateException(traceparent);
        }
        return matcher.group(part);
    }
}
