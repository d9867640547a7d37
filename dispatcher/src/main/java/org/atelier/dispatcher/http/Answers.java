package org.atelier.dispatcher.http;

import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import org.atelier.common.json.Json;

/** Writes answers. */
final class Answers {
    private Answers() {}

    /** A document. */
    static void json(Context ctx, HttpStatus status, Object document) {
        ctx.status(status).contentType(ContentType.APPLICATION_JSON).result(Json.bytes(document));
    }
}
