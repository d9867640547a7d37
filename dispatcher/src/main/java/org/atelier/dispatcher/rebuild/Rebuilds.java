package org.atelier.dispatcher.rebuild;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.projection.Build;
import org.atelier.dispatcher.projection.Builds;
import org.atelier.dispatcher.projection.JobIndex;
import org.jspecify.annotations.Nullable;

/** Takes the wish to build the projection anew, and tells how far that is. Any dispatcher may be asked. */
public final class Rebuilds {
    private final Builds builds;
    private final JobIndex index;
    private final Audit audit;
    private final Clock clock;

    public Rebuilds(Builds builds, JobIndex index, Audit audit, Clock clock) {
        this.builds = builds;
        this.index = index;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * A build of the projection, as callers see it.
     *
     * @param build    its number
     * @param state    {@code waiting}, {@code reading_topics}, {@code reading_store} or {@code done}
     * @param wantedBy who asked for it
     * @param wantedAt when
     * @param endedAt  when it was done
     * @param jobs     jobs that the projection has now
     * @param lookedAt jobs of the store that were looked at
     * @param restored those of them of which the topics no longer held everything
     */
    public record View(int build, String state, String wantedBy, Instant wantedAt, @Nullable Instant endedAt, long jobs,
            int lookedAt, int restored) {}

    /** Asks for a new build; one that is under way but for which nothing was dropped yet is the one that is asked for. */
    public View want(Principal who) {
        audit.record(who, "projection.rebuild", "projection", Map.of());
        return view(builds.want(who.actor(), clock.instant()));
    }

    /** How far the newest build is. */
    public View newest() {
        return view(builds.newest());
    }

    private View view(Build build) {
        long jobs = index.counts().values().stream().mapToLong(Long::longValue).sum();
        return new View(build.number(), state(build), build.wantedBy(), build.wantedAt(), build.endedAt(), jobs, build
                .lookedAt(), build.restored());
    }

    private static String state(Build build) {
        if (build.beganAt() == null) {
            return "waiting";
        }
        if (build.readAt() == null) {
            return "reading_topics";
        }
        return build.isOpen() ? "reading_store" : "done";
    }
}
