package org.atelier.dispatcher.http;

import java.util.List;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;

/** Bundles: what there is to edit with. */
final class BundleRoutes {
    private static final String BUNDLES = "/v1/bundles";

    private final BundleCatalog catalog;

    BundleRoutes(BundleCatalog catalog) {
        this.catalog = catalog;
    }

    /** The cards of all bundles. */
    private record Bundles(List<BundleCard> bundles) {}

    void register(RoutesConfig routes) {
        routes.get(BUNDLES, ctx -> Answers.json(ctx, HttpStatus.OK, new Bundles(catalog.all())));
        routes.get(BUNDLES + "/{reference}", this::get);
    }

    private void get(Context ctx) {
        var reference = ctx.pathParam("reference");
        Answers.json(ctx, HttpStatus.OK, catalog.find(reference).orElseThrow(() -> new ProblemException(
                ProblemKind.UNKNOWN_BUNDLE, "There is no bundle " + reference + "; GET " + BUNDLES
                        + " lists what there is.")));
    }
}
