package org.atelier.dispatcher.http;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.json.Json;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.replay.ReplayRequest;
import org.atelier.dispatcher.replay.Replays;

/** Replays: ask for one, see how far it is. */
final class ReplayRoutes {
    private static final String REPLAYS = "/v1/replays";

    private final Replays replays;

    ReplayRoutes(Replays replays) {
        this.replays = replays;
    }

    void register(Routing routing) {
        routing.add(HandlerType.POST, REPLAYS, Role.OPERATE, this::post);
        routing.add(HandlerType.GET, REPLAYS + "/{id}", Role.OPERATE, this::get);
    }

    private void post(Context ctx) {
        var request = read(ctx);
        try {
            var view = replays.submit(Principals.of(ctx), request);
            Answers.json(ctx, request.dryRun() ? HttpStatus.OK : HttpStatus.ACCEPTED, view);
        } catch (InvalidSubmissionException e) {
            throw new ProblemException(ProblemKind.INVALID_SUBMISSION,
                    "Nothing is replayed; each violation names a field and what it may be.", e.violations());
        } catch (Replays.IdTakenException e) {
            throw new ProblemException(ProblemKind.ID_TAKEN, String.valueOf(e.getMessage()));
        }
    }

    private static ReplayRequest read(Context ctx) {
        try {
            return Json.strict().treeToValue(Requests.json(ctx), ReplayRequest.class);
        } catch (JsonProcessingException e) {
            throw new ProblemException(ProblemKind.INVALID_SUBMISSION, "The body is no replay.", List.of(new Violation(
                    "",
                    e.getOriginalMessage())));
        }
    }

    private void get(Context ctx) {
        var id = ctx.pathParam("id");
        Answers.json(ctx, HttpStatus.OK, replays.find(Principals.of(ctx), id).orElseThrow(() -> new ProblemException(
                ProblemKind.UNKNOWN_REPLAY, "There is no replay " + id + ".")));
    }
}
