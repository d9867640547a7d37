package org.atelier.dispatcher.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.retention.Collections;
import org.jspecify.annotations.Nullable;

/** Garbage collections of the store: ask for one, and see what it found. */
final class CollectionRoutes {
    private static final String COLLECTIONS = "/v1/gc";

    private final Collections collections;

    /** @param dryRun only count, which is what happens where nothing is said */
    private record Body(@Nullable Boolean dryRun) {}

    CollectionRoutes(Collections collections) {
        this.collections = collections;
    }

    void register(Routing routing) {
        routing.add(HandlerType.POST, COLLECTIONS, Role.OPERATE, this::post);
        routing.add(HandlerType.GET, COLLECTIONS + "/{id}", Role.OPERATE, this::get);
    }

    private void post(Context ctx) {
        var body = Requests.bind(ctx, Body.class);
        boolean dryRun = body.dryRun() == null || body.dryRun();
        Answers.json(ctx, HttpStatus.ACCEPTED, collections.submit(Principals.of(ctx), dryRun));
    }

    private void get(Context ctx) {
        var id = ctx.pathParam("id");
        Answers.json(ctx, HttpStatus.OK, collections.find(id).orElseThrow(() -> new ProblemException(
                ProblemKind.UNKNOWN_COLLECTION, "There is no garbage collection " + id + ".")));
    }
}
