package org.atelier.dispatcher.http;

import java.util.List;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import org.atelier.common.api.Problem;
import org.atelier.common.json.Json;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.fault.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what was thrown into problem details (RFC 9457). */
final class Problems {
    private static final String RETRY_AFTER_SECONDS = "2";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /** Answers every exception of every route. */
    static void register(RoutesConfig routes) {
        routes.exception(ProblemException.class, (problem, ctx) -> answer(ctx, problem.kind(), problem.kind().status(),
                String.valueOf(problem.getMessage()), problem.violations()));
        routes.exception(HttpResponseException.class, Problems::answer);
        routes.exception(Exception.class, Problems::answer);
    }

    private static void answer(HttpResponseException thrown, Context ctx) {
        switch (thrown) {
            case NotFoundResponse missing -> answer(ctx, ProblemKind.UNKNOWN_PATH, missing.getStatus(), ctx.method()
                    + " " + ctx.path() + " is not part of the API.", List.of());
            case MethodNotAllowedResponse wrong -> {
                var allowed = String.join(", ", wrong.getDetails().values());
                ctx.header(Header.ALLOW, allowed);
                answer(ctx, ProblemKind.METHOD_NOT_ALLOWED, wrong.getStatus(), ctx.path() + " takes " + allowed
                        + ", not " + ctx.method() + ".", List.of());
            }
            default -> answer(ctx, ProblemKind.OTHER, thrown.getStatus(), String.valueOf(thrown.getMessage()), List
                    .of());
        }
    }

    private static void answer(Exception thrown, Context ctx) {
        var outage = Outage.of(thrown);
        if (outage.isPresent()) {
            LOG.warn("{} {} was refused while {} is away ({})", ctx.method(), ctx.path(), outage.get(), thrown
                    .getMessage());
            ctx.header(Header.RETRY_AFTER, RETRY_AFTER_SECONDS);
            answer(ctx, ProblemKind.UNAVAILABLE, ProblemKind.UNAVAILABLE.status(), "Nothing was lost, but "
                    + outage.get() + " does not answer: send the same request again.", List.of());
        } else {
            LOG.error("{} {} met a defect", ctx.method(), ctx.path(), thrown);
            answer(ctx, ProblemKind.INTERNAL, HttpStatus.INTERNAL_SERVER_ERROR.getCode(),
                    "The dispatcher met a defect and wrote it to its log; please report it.", List.of());
        }
    }

    private static void answer(Context ctx, ProblemKind kind, int status, String detail, List<Violation> violations) {
        ctx.status(status)
                .contentType(Problem.MEDIA_TYPE)
                .result(Json.bytes(new Problem(kind.type(), kind.title(), status, detail, ctx.path(), violations)));
    }
}
