package org.atelier.dispatcher.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.projection.FleetIndex;
import org.atelier.dispatcher.projection.FleetIndex.Relative;
import org.jspecify.annotations.Nullable;

/** What surrounds a job: the jobs that it needs and that need it, and the pictures that its events name. */
final class RelationRoutes {
    private final JobViews views;
    private final FleetIndex fleet;

    RelationRoutes(JobViews views, FleetIndex fleet) {
        this.views = views;
        this.fleet = fleet;
    }

    /**
     * Where a job comes from and what came of it.
     *
     * @param job        the job
     * @param replayOf   the run whose request it repeats with other parameters; absent where it is nobody's replay
     * @param composite  the run of the composite job that it is a part of; absent where it is a job of its own
     * @param parents    jobs whose success it waits for, most of them because it reads their results
     * @param children   the newest jobs that wait for its success, 100 at most
     */
    record Lineage(JobId job, @Nullable RunId replayOf, @Nullable RunId composite, List<Relative> parents,
            List<Relative> children) {}

    /**
     * A picture that an event of a job names.
     *
     * @param digest its name
     * @param url    presigned: anyone who has it can read the picture until it expires
     */
    record Preview(Digest digest, URI url) {}

    void register(Routing routing) {
        routing.add(HandlerType.GET, "/v1/jobs/{id}/lineage", Role.READ, this::lineage);
        routing.add(HandlerType.GET, "/v1/jobs/{id}/previews/{digest}", Role.READ, this::preview);
    }

    private JobView view(Context ctx) {
        var job = Requests.job(ctx);
        return views.find(Principals.of(ctx), job).orElseThrow(() -> Requests.unknownJob(job.value()));
    }

    private void lineage(Context ctx) {
        var view = view(ctx);
        var job = view.id();
        Answers.json(ctx, HttpStatus.OK, new Lineage(job, views.replayOf(job).orElse(null), view.composite(), fleet
                .parents(job), fleet.children(job)));
    }

    private void preview(Context ctx) {
        var job = view(ctx).id();
        var name = ctx.pathParam("digest");
        var digest = digest(name).filter(blob -> fleet.isNamed(job, blob)).orElseThrow(
                () -> new ProblemException(ProblemKind.UNKNOWN_ARTIFACT, "No event of the job " + job + " names "
                        + name + "."));
        Answers.json(ctx, HttpStatus.OK, new Preview(digest, views.address(digest, "preview.png")));
    }

    /** What cannot be a digest is named by nobody. */
    private static Optional<Digest> digest(String text) {
        try {
            return Optional.of(Digest.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
