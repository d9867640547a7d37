package org.atelier.dispatcher.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.config.Parser;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.ApiToken;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Doorkeeper;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.access.Tokens;
import org.jspecify.annotations.Nullable;

/** Tokens: make, list, revoke. */
final class TokenRoutes {
    private static final String TOKENS = "/v1/tokens";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@ -]{0,62}";

    private final Tokens tokens;
    private final Doorkeeper doorkeeper;
    private final Audit audit;

    TokenRoutes(Tokens tokens, Doorkeeper doorkeeper, Audit audit) {
        this.tokens = tokens;
        this.doorkeeper = doorkeeper;
        this.audit = audit;
    }

    /** What is asked for. */
    record Wanted(@Nullable String name, @Nullable String tenant, @Nullable String role, @Nullable String validFor) {}

    /** A token without anything secret. */
    record TokenView(
            String id,
            String name,
            String tenant,
            Role role,
            Instant createdAt,
            String createdBy,
            @Nullable Instant expiresAt) {
        static TokenView of(ApiToken token) {
            return new TokenView(token.id(), token.name(), token.tenant(), token.role(), token.createdAt(), token
                    .createdBy(), token.expiresAt());
        }
    }

    /** A token that was just made: the only time that it is shown. */
    record NewToken(TokenView token, String secret) {}

    /** All tokens. */
    record TokenList(List<TokenView> tokens) {}

    void register(Routing routing) {
        routing.add(HandlerType.POST, TOKENS, Role.ADMIN, this::create);
        routing.add(HandlerType.GET, TOKENS, Role.ADMIN, ctx -> Answers.json(ctx, HttpStatus.OK, new TokenList(tokens
                .list().stream().map(TokenView::of).toList())));
        routing.add(HandlerType.DELETE, TOKENS + "/{id}", Role.ADMIN, this::revoke);
    }

    private void create(Context ctx) {
        var wanted = Requests.bind(ctx, Wanted.class);
        var violations = new ArrayList<Violation>();
        var name = Optional.ofNullable(wanted.name).filter(text -> text.matches(NAME));
        if (name.isEmpty()) {
            violations.add(new Violation("/name", "must say what the token is for, in up to 63 letters, digits, blanks"
                    + " and ._@-"));
        }
        var tenant = Optional.ofNullable(wanted.tenant).orElse(Principal.ANONYMOUS.tenant());
        if (!Principal.isTenant(tenant)) {
            violations.add(new Violation("/tenant", "must have up to 63 characters of a-z, 0-9 and -"));
        }
        var role = Requests.part(violations, "/role", Role::parse, wanted.role == null ? "" : wanted.role);
        var validity = Optional.ofNullable(wanted.validFor).flatMap(text -> Requests.part(violations, "/valid_for",
                TokenRoutes::validity, text));
        Requests.check(violations);
        if (doorkeeper.isOpen() && role.orElseThrow() != Role.ADMIN) {
            throw new ProblemException(ProblemKind.CONFLICT, "From the first token on everybody needs one, and only the"
                    + " role admin makes them: make a token with the role admin first.");
        }
        var who = Principals.of(ctx);
        audit.record(who, "token.create", name.orElseThrow(), Map.of("tenant", tenant, "role", role.orElseThrow()
                .word()));
        var issued = tokens.create(who, name.orElseThrow(), tenant, role.orElseThrow(), validity);
        ctx.header("Cache-Control", "no-store");
        Answers.json(ctx, HttpStatus.CREATED, new NewToken(TokenView.of(issued.kept()), issued.secret().reveal()));
    }

    private static Duration validity(String text) {
        return Parser.DURATION.where(Duration::isPositive, "more than nothing").parse(text);
    }

    private void revoke(Context ctx) {
        var id = ctx.pathParam("id");
        audit.record(Principals.of(ctx), "token.revoke", id, Map.of());
        if (!tokens.revoke(id)) {
            throw new ProblemException(ProblemKind.UNKNOWN_TOKEN, "There is no token " + id + "; GET " + TOKENS
                    + " lists what there is.");
        }
        ctx.status(HttpStatus.NO_CONTENT);
    }
}
