package org.atelier.dispatcher.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.access.TenantBundles;
import org.jspecify.annotations.Nullable;

/** Bundles: what there is to edit with, and who may. */
final class BundleRoutes {
    private static final String BUNDLES = "/v1/bundles";
    private static final String BUNDLE = BUNDLES + "/{reference}";

    private final TenantBundles bundles;
    private final Audit audit;

    BundleRoutes(TenantBundles bundles, Audit audit) {
        this.bundles = bundles;
        this.audit = audit;
    }

    /** The cards of all bundles. */
    record BundleList(List<BundleCard> bundles) {}

    /** Prompts and hyper-parameters that work on a bundle, by job type. */
    record Presets(String bundle, JsonNode presets) {}

    /** The tenants that may use a bundle; none: everybody. */
    record Tenants(@Nullable Set<String> tenants) {}

    void register(Routing routing) {
        routing.add(HandlerType.GET, BUNDLES, Role.READ, ctx -> Answers.unlessKnown(ctx, new BundleList(bundles.all(
                Principals.of(ctx)))));
        for (var method : List.of(HandlerType.GET, HandlerType.HEAD)) {
            routing.add(method, BUNDLE, Role.READ, ctx -> Answers.unlessKnown(ctx, find(ctx)));
            routing.add(method, BUNDLE + "/presets", Role.READ, this::presets);
        }
        routing.add(HandlerType.PUT, BUNDLE + "/tenants", Role.ADMIN, this::share);
    }

    private BundleCard find(Context ctx) {
        var reference = ctx.pathParam("reference");
        return bundles.find(Principals.of(ctx), reference).orElseThrow(() -> unknown(ctx, reference));
    }

    private ProblemException unknown(Context ctx, String reference) {
        var others = bundles.all(Principals.of(ctx)).stream().map(BundleCard::reference).toList();
        return new ProblemException(ProblemKind.UNKNOWN_BUNDLE, "There is no bundle " + reference + "; there "
                + (others.isEmpty() ? "are none." : "are: " + String.join(", ", others) + "."));
    }

    private void presets(Context ctx) {
        var card = find(ctx);
        Answers.unlessKnown(ctx, new Presets(card.reference(), card.presets()));
    }

    private void share(Context ctx) {
        var tenants = Requests.bind(ctx, Tenants.class).tenants();
        var violations = new ArrayList<Violation>();
        if (tenants == null) {
            violations.add(new Violation("/tenants", "must be a list of tenants; an empty one is everybody"));
        } else if (!tenants.stream().allMatch(Principal::isTenant)) {
            violations.add(new Violation("/tenants", "must be names of up to 63 characters of a-z, 0-9 and -"));
        }
        Requests.check(violations);
        var name = ctx.pathParam("reference");
        audit.record(Principals.of(ctx), "bundle.share", name, Map.of("tenants", String.join(",", tenants)));
        if (name.contains("@") || !bundles.share(name, tenants)) {
            throw unknown(ctx, name);
        }
        Answers.json(ctx, HttpStatus.OK, new Tenants(tenants));
    }
}
