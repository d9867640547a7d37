package org.atelier.dispatcher.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.projection.JobIndex;

/** Jobs: submit, look, list, cancel, fetch. */
final class JobRoutes {
    /** By then some job of a busy fleet has started. */
    private static final String RETRY_AFTER_SECONDS = "10";
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final String JOBS = "/v1/jobs";
    private static final String JOB = JOBS + "/{id}";

    private final Submissions submissions;
    private final Cancellation cancellation;
    private final JobViews views;
    private final Audit audit;

    JobRoutes(Submissions submissions, Cancellation cancellation, JobViews views, Audit audit) {
        this.submissions = submissions;
        this.cancellation = cancellation;
        this.views = views;
        this.audit = audit;
    }

    void register(Routing routing) {
        routing.add(HandlerType.POST, JOBS, Role.SUBMIT, this::post);
        routing.add(HandlerType.PUT, JOB, Role.SUBMIT, this::put);
        routing.add(HandlerType.GET, JOBS, Role.READ, this::list);
        routing.add(HandlerType.GET, JOB, Role.READ, this::get);
        routing.add(HandlerType.HEAD, JOB, Role.READ, this::get);
        routing.add(HandlerType.POST, JOB + "/cancel", Role.SUBMIT, this::cancel);
        routing.add(HandlerType.GET, JOB + "/artifacts/{name}", Role.READ, this::artifact);
    }

    private void post(Context ctx) {
        var who = Principals.of(ctx);
        submit(ctx, who, Requests.idempotencyKey(ctx).map(key -> JobId.ofKey(who.tenant(), key)));
    }

    private void put(Context ctx) {
        submit(ctx, Principals.of(ctx), Optional.of(Requests.newJob(ctx)));
    }

    private void submit(Context ctx, Principal who, Optional<JobId> name) {
        try {
            var body = Requests.json(ctx);
            var caller = Requests.trace(ctx);
            var submitted = name.map(job -> submissions.submit(who, job, body, caller)).orElseGet(() -> submissions
                    .submitNew(who, JobId.random(), body, caller));
            if (submitted.made()) {
                answer(ctx, HttpStatus.ACCEPTED, views.accepted(submitted.request()));
            } else {
                answer(ctx, HttpStatus.OK, views.find(who, submitted.request().job()).orElseGet(() -> views.accepted(
                        submitted.request())));
            }
        } catch (ProblemException e) {
            if (e.kind() == ProblemKind.TOO_MANY) {
                ctx.header(Header.RETRY_AFTER, RETRY_AFTER_SECONDS);
            }
            throw e;
        }
    }

    private static void answer(Context ctx, HttpStatus status, JobView view) {
        ctx.header(Header.LOCATION, JOBS + "/" + view.id());
        Answers.json(ctx, status, view);
    }

    private void get(Context ctx) {
        var job = Requests.job(ctx);
        var view = views.findWithAttempts(Principals.of(ctx), job).orElseThrow(
                () -> Requests.unknownJob(job.value()));
        Answers.unlessKnown(ctx, view, views.version(view));
    }

    private JobView find(Context ctx) {
        var job = Requests.job(ctx);
        return views.find(Principals.of(ctx), job).orElseThrow(() -> Requests.unknownJob(job.value()));
    }

    private void list(Context ctx) {
        Requests.allowParameters(ctx, Set.of("state", "type", "subject", "limit", "cursor"));
        var filter = new JobIndex.Filter(Principals.of(ctx).tenant(), Requests.parameter(ctx, "state",
                JobRoutes::state), Requests.parameter(ctx, "type", JobType::parse), Requests.parameter(ctx, "subject",
                        Function.identity()));
        var cursor = Requests.parameter(ctx, "cursor", JobIndex.Cursor::parse);
        int limit = Requests.parameter(ctx, "limit", JobRoutes::limit).orElse(DEFAULT_LIMIT);
        Answers.json(ctx, HttpStatus.OK, views.list(filter, cursor, limit));
    }

    private static JobState state(String text) {
        return Arrays.stream(JobState.values())
                .filter(state -> word(state).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is \"" + text + "\"; it must be one of " + Arrays
                        .stream(JobState.values()).map(JobRoutes::word).toList()));
    }

    private static String word(JobState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static int limit(String text) {
        var message = "is \"" + text + "\"; it must be a number from 1 to " + MAX_LIMIT;
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
            throw new IllegalArgumentException(message);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(message, e);
        }
    }

    private void cancel(Context ctx) {
        var view = find(ctx);
        audit.record(Principals.of(ctx), "job.cancel", view.id().value(), Map.of("run", String.valueOf(view.run())));
        if (cancellation.request(Principals.of(ctx), new RunId(view.id(), view.run()))) {
            Answers.json(ctx, HttpStatus.ACCEPTED, JobViews.cancelling(view));
            return;
        }
        var ended = find(ctx);
        if (ended.state() != JobState.CANCELLED && ended.state().terminal()) {
            throw new ProblemException(ProblemKind.CONFLICT, "The job has already " + word(ended.state())
                    + "; there is nothing to cancel.");
        }
        Answers.json(ctx, HttpStatus.OK, ended);
    }

    private void artifact(Context ctx) {
        var view = find(ctx);
        var name = ctx.pathParam("name");
        var download = view.artifacts().stream()
                .filter(candidate -> candidate.artifact().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ProblemKind.UNKNOWN_ARTIFACT, "The job " + view.id()
                        + " is " + word(view.state()) + " and has no artifact \"" + name + "\"; it has " + view
                                .artifacts().stream().map(candidate -> candidate.artifact().name()).toList() + "."));
        ctx.redirect(download.url().toString(), HttpStatus.FOUND);
    }
}
