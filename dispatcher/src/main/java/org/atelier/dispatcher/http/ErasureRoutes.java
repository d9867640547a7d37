package org.atelier.dispatcher.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.retention.ErasureRequest;
import org.atelier.dispatcher.retention.ErasureView;
import org.atelier.dispatcher.retention.Erasures;

/** Erasures: of one job, of several, of all that are about a person; and how far they are. */
final class ErasureRoutes {
    private static final String ERASURES = "/v1/erasures";

    private final Erasures erasures;

    ErasureRoutes(Erasures erasures) {
        this.erasures = erasures;
    }

    void register(Routing routing) {
        routing.add(HandlerType.DELETE, "/v1/jobs/{id}", Role.OPERATE, this::delete);
        routing.add(HandlerType.POST, ERASURES, Role.OPERATE, this::post);
        routing.add(HandlerType.GET, ERASURES + "/{id}", Role.OPERATE, this::get);
    }

    private void delete(Context ctx) {
        var job = Requests.job(ctx);
        try {
            answer(ctx, erasures.erase(Principals.of(ctx), job).orElseThrow(() -> Requests.unknownJob(job.value())));
        } catch (Erasures.NeededException e) {
            throw new ProblemException(ProblemKind.CONFLICT, String.valueOf(e.getMessage()));
        }
    }

    private void post(Context ctx) {
        var request = Requests.bind(ctx, ErasureRequest.class);
        try {
            answer(ctx, erasures.submit(Principals.of(ctx), request));
        } catch (InvalidSubmissionException e) {
            throw new ProblemException(ProblemKind.INVALID_BODY,
                    "Nothing is erased; each violation names a field and what it may be.", e.violations());
        } catch (Erasures.IdTakenException e) {
            throw new ProblemException(ProblemKind.ID_TAKEN, String.valueOf(e.getMessage()));
        } catch (Erasures.NeededException e) {
            throw new ProblemException(ProblemKind.CONFLICT, String.valueOf(e.getMessage()));
        }
    }

    /** What is done, and what is only said, is 200; what goes on is 202. */
    private static void answer(Context ctx, ErasureView view) {
        Answers.json(ctx, view.done() || view.id() == null ? HttpStatus.OK : HttpStatus.ACCEPTED, view);
    }

    private void get(Context ctx) {
        var id = ctx.pathParam("id");
        Principal who = Principals.of(ctx);
        Answers.json(ctx, HttpStatus.OK, erasures.find(who, id).orElseThrow(() -> new ProblemException(
                ProblemKind.UNKNOWN_ERASURE, "There is no erasure " + id + ".")));
    }
}
