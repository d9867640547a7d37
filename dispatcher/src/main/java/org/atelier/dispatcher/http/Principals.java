package org.atelier.dispatcher.http;

import io.javalin.http.Context;
import org.atelier.dispatcher.access.Principal;

/** Who sends a request. Nobody is asked for a name yet: everybody is the same. */
final class Principals {
    private Principals() {}

    static Principal of(Context ctx) {
        return Principal.ANONYMOUS;
    }
}
