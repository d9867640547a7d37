package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.request;
import static org.atelier.dispatcher.support.Samples.worker;

import java.nio.file.Path;
import java.util.Set;

import org.atelier.common.job.JobType;
import org.atelier.dispatcher.support.Fleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fed to whom: jobs that no live worker of a pool can run stay in the backlog, and say why. */
class AbilityTest {
    private static final long GB = 1_000_000_000L;
    private static final Set<JobType> BOTH = Set.of(JobType.GENERATE, JobType.OPTIMIZE);

    @TempDir
    private Path folder;

    private Fleet fleet;
    private Obstacles obstacles;

    @BeforeEach
    void open() {
        fleet = new Fleet(folder);
        obstacles = new Obstacles(Fleet.SETTINGS.pools(), fleet.workers);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void whatNobodyCanHoldWaitsAndThoseBehindItDoNot() {
        fleet.accept(request("large", 40 * GB));
        fleet.accept(request("small", 2 * GB));
        fleet.accept("unknown");
        fleet.workers.alive(worker("worker-1", BOTH, 24 * GB));
        fleet.workers.alive(worker("worker-2", BOTH, 8 * GB));

        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("small", 1), attempt("unknown", 1));
        assertThat(obstacles.of(request("large", 40 * GB))).hasValueSatisfying(text -> assertThat(text).contains(
                "at least 40.0 GB", "the 2 workers of the pool edit", "has 24.0 GB"));
        assertThat(obstacles.of(request("small", 2 * GB))).isEmpty();

        fleet.workers.alive(worker("worker-3", BOTH, 80 * GB));
        fleet.step();
        assertThat(fleet.fed()).last().isEqualTo(attempt("large", 1));
        assertThat(obstacles.of(request("large", 40 * GB))).isEmpty();
    }

    @Test
    void aWorkerThatDoesNotSayMayHoldAnything() {
        fleet.accept(request("large", 40 * GB));
        fleet.workers.alive(worker("worker-1", BOTH, 8 * GB));
        fleet.workers.alive(worker("old"));

        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("large", 1));
    }

    @Test
    void whereNobodyIsEverythingIsFedSoThatWhoeverComesFindsWork() {
        fleet.accept(request("large", 40 * GB));

        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("large", 1));
        assertThat(obstacles.of(request("large", 40 * GB))).hasValueSatisfying(text -> assertThat(text).contains(
                "No worker of the pool edit"));
    }

    @Test
    void aTypeThatOnlyNewerWorkersKnowWaitsForOne() {
        fleet.accept("job-1");
        fleet.workers.alive(worker("old", Set.of(JobType.OPTIMIZE), 8 * GB));
        fleet.step();
        assertThat(fleet.fed()).isEmpty();
        assertThat(obstacles.of(request("job-1"))).hasValueSatisfying(text -> assertThat(text).contains(
                "can run jobs of type generate", "newer ones may"));

        fleet.workers.alive(worker("new", BOTH, 8 * GB));
        fleet.step();
        assertThat(fleet.fed()).containsExactly(attempt("job-1", 1));
    }
}
