package org.atelier.dispatcher.rebuild;

import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.atelier.dispatcher.fault.Repeating;
import org.atelier.dispatcher.projection.Build;
import org.atelier.dispatcher.projection.Builds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the build of the projection that is under way, while this dispatcher leads: once the topics are read it looks
 * through the store. It also notices that somebody wants a new build, whichever dispatcher was asked.
 */
public final class RebuildThread implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(RebuildThread.class);

    private final Builds builds;
    private final StoreSweep sweep;
    private final BooleanSupplier topicsRead;
    private final Runnable beginAnew;
    private final Clock clock;
    private final Repeating repeating;

    /**
     * @param topicsRead whether everything was read that was in the topics
     * @param beginAnew  ends this term and begins another, which begins what is wanted
     */
    public RebuildThread(Builds builds, StoreSweep sweep, BooleanSupplier topicsRead, Runnable beginAnew, Clock clock) {
        this.builds = builds;
        this.sweep = sweep;
        this.topicsRead = topicsRead;
        this.beginAnew = beginAnew;
        this.clock = clock;
        this.repeating = new Repeating("rebuild", LOOK, this::step, "the build of the projection waits");
    }

    /** Starts. */
    public void start() {
        repeating.start();
    }

    private void step() {
        var build = builds.newest();
        if (build.beganAt() == null) {
            LOG.info("{} wants the projection built anew: it is dropped, and reading begins", build.wantedBy());
            beginAnew.run();
        } else if (build.isOpen() && topicsRead.getAsBoolean()) {
            finish(build);
        }
    }

    private void finish(Build build) {
        builds.read(build.number(), clock.instant());
        boolean done = sweep.run(() -> !repeating.isClosing() && builds.newest().number() == build
                .number(), (lookedAt, restored) -> builds.progress(build.number(),
                        lookedAt, restored));
        if (done) {
            builds.end(build.number(), clock.instant());
            var end = builds.newest();
            LOG.info("build {} of the projection is complete: of {} jobs in the store {} were not in the topics, or not"
                    + " all of them", end.number(), end.lookedAt(), end.restored());
        }
    }

    /** Stops where it is; what is left is done by the next term. */
    @Override
    public void close() {
        repeating.close();
    }
}
