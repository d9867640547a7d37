package org.atelier.dispatcher.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import org.atelier.dispatcher.access.Role;

/**
 * The table of all routes, each with the role that it needs. It is the only way to add one, so that none can forget to ask
 * who calls.
 */
final class Routing {
    private final RoutesConfig routes;
    private final Gate gate;
    private final List<Route> table = new ArrayList<>();

    /**
     * A route.
     *
     * @param method of HTTP
     * @param path   with its parameters in braces
     * @param role   that it needs; empty: open to everybody
     */
    record Route(HandlerType method, String path, Optional<Role> role) {}

    Routing(RoutesConfig routes, Gate gate) {
        this.routes = routes;
        this.gate = gate;
    }

    /** Adds a route for those who have the role, and for those above them. */
    void add(HandlerType method, String path, Role role, Handler handler) {
        table.add(new Route(method, path, Optional.of(role)));
        routes.addHttpHandler(method, path, ctx -> {
            gate.admit(ctx, role);
            handler.handle(ctx);
        });
    }

    /** Adds a route for everybody. */
    void open(HandlerType method, String path, Handler handler) {
        table.add(new Route(method, path, Optional.empty()));
        routes.addHttpHandler(method, path, handler);
    }

    /** All routes. */
    List<Route> table() {
        return List.copyOf(table);
    }
}
