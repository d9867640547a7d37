package org.atelier.dispatcher.http;

import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.rebuild.Rebuilds;

/** Making the projection anew: ask for it, see how far it is. */
final class RebuildRoutes {
    private static final String REBUILD = "/v1/rebuild";

    private final Rebuilds rebuilds;

    RebuildRoutes(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    void register(Routing routing) {
        routing.add(HandlerType.POST, REBUILD, Role.ADMIN, ctx -> Answers.json(ctx, HttpStatus.ACCEPTED, rebuilds.want(
                Principals.of(ctx))));
        routing.add(HandlerType.GET, REBUILD, Role.OPERATE, ctx -> Answers.json(ctx, HttpStatus.OK, rebuilds.newest()));
    }
}
