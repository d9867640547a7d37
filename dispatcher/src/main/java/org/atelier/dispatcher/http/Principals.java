package org.atelier.dispatcher.http;

import java.util.Objects;

import io.javalin.http.Context;
import org.atelier.dispatcher.access.Principal;

/** Who sends a request. */
final class Principals {
    private static final String ATTRIBUTE = Principals.class.getName();

    private Principals() {}

    /** Who it is; known once the {@link Gate} has let it in. */
    static Principal of(Context ctx) {
        return Objects.requireNonNull(ctx.<Principal>attribute(ATTRIBUTE), "the route asks for no name");
    }

    static void set(Context ctx, Principal who) {
        ctx.attribute(ATTRIBUTE, who);
    }
}
