package org.atelier.dispatcher.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

import io.javalin.http.Context;
import io.javalin.http.Header;
import org.atelier.dispatcher.access.AccessSettings;
import org.atelier.dispatcher.access.Doorkeeper;
import org.atelier.dispatcher.access.NotAdmittedException;
import org.atelier.dispatcher.access.Role;

/** Lets requests in that come from somebody who may send them. */
final class Gate {
    private static final String SCHEME = "bearer ";
    private static final String ORIGIN = "Origin";

    private final Doorkeeper doorkeeper;

    Gate(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    /**
     * Finds out who sends a request, and whether it may.
     *
     * @throws ProblemException if it may not
     */
    void admit(Context ctx, Role wanted) {
        var proof = bearer(ctx);
        try {
            var who = doorkeeper.admit(proof);
            if (proof.isEmpty()) {
                checkFromHere(ctx);
            }
            if (!who.role().covers(wanted)) {
                throw new ProblemException(ProblemKind.FORBIDDEN, ctx.method() + " " + ctx.path() + " needs the role "
                        + wanted.word() + "; " + who.actor() + " has the role " + who.role().word() + ".");
            }
            Principals.set(ctx, who);
        } catch (NotAdmittedException e) {
            ctx.header(Header.WWW_AUTHENTICATE, proof.isEmpty()
                    ? "Bearer realm=\"atelier\""
                    : "Bearer realm=\"atelier\", error=\"invalid_token\"");
            throw new ProblemException(ProblemKind.UNAUTHENTICATED, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> bearer(Context ctx) {
        return Optional.ofNullable(ctx.header(Header.AUTHORIZATION))
                .map(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                        ? value.substring(SCHEME.length()).strip()
                        : value);
    }

    /**
     * Where nobody is asked for a name, a web page could send requests through the browser of somebody who sits here: by a
     * host name of its own that leads to this machine, or across origins.
     */
    private static void checkFromHere(Context ctx) {
        var host = host("http://" + ctx.header(Header.HOST));
        var origin = ctx.header(ORIGIN);
        if (host.filter(Gate::isThisMachine).isEmpty() || origin != null && !host(origin).equals(host)) {
            throw new ProblemException(ProblemKind.FORBIDDEN, "Without tokens only this machine is served, by the name"
                    + " localhost or its address, and not for web pages of others. POST /v1/tokens makes a"
                    + " token.");
        }
    }

    private static boolean isThisMachine(String host) {
        // A name is not looked up: whoever owns it says where it leads.
        return host.equalsIgnoreCase("localhost") || host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]") && AccessSettings
                .isLoopback(host);
    }

    private static Optional<String> host(String address) {
        try {
            return Optional.ofNullable(URI.create(address).getHost());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
