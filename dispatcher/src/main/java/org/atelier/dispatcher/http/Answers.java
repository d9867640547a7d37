package org.atelier.dispatcher.http;

import java.util.Arrays;
import java.util.Objects;

import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;

/** Writes answers. */
final class Answers {
    /** In front of a tag of which equal ones may differ in what makes no difference. */
    private static final String WEAK = "W/";
    private static final int TAG_DIGITS = 32;

    private Answers() {}

    /** A document. */
    static void json(Context ctx, HttpStatus status, Object document) {
        ctx.status(status).contentType(ContentType.APPLICATION_JSON).result(Json.bytes(document));
    }

    /** A document, or nothing where the caller has it already. */
    static void unlessKnown(Context ctx, Object document) {
        unlessKnown(ctx, document, document);
    }

    /**
     * A document, or nothing where the caller has it already. Whoever keeps it asks each time before it is used again, so that
     * what was taken from somebody is gone.
     *
     * @param version what of it makes a difference
     */
    static void unlessKnown(Context ctx, Object document, Object version) {
        var hash = Digest.of(Json.bytes(version)).hex().substring(0, TAG_DIGITS);
        ctx.header(Header.ETAG, (document == version ? "" : WEAK) + '"' + hash + '"');
        ctx.header(Header.CACHE_CONTROL, "private, no-cache");
        if (knows(ctx, hash)) {
            ctx.status(HttpStatus.NOT_MODIFIED);
        } else {
            json(ctx, HttpStatus.OK, document);
        }
    }

    private static boolean knows(Context ctx, String hash) {
        return Arrays.stream(Objects.requireNonNullElse(ctx.header(Header.IF_NONE_MATCH), "").split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || (tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag).equals(
                        '"' + hash + '"'));
    }
}
