package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.NOON;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.started;
import static org.atelier.dispatcher.support.Samples.worker;

import java.nio.file.Path;

import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class FeederTest {
    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private void acceptMany(int jobs) {
        for (int job = 0; job < jobs; job++) {
            fleet.accept("job-" + job, 0, NOON.plusSeconds(job));
        }
    }

    @Test
    void keepsTwoRecordsReadyWhenNobodyIsThere() {
        acceptMany(5);

        fleet.step();
        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("job-0", 1), attempt("job-1", 1));
    }

    @Test
    void keepsARecordReadyForEachIdleSlotAndOneMore() {
        acceptMany(9);
        fleet.workers.alive(worker("worker-1"));
        fleet.workers.alive(worker("worker-2"));

        fleet.step();
        assertThat(fleet.fed()).hasSize(3);

        fleet.hear(started(attempt("job-0", 1)));
        fleet.hear(started(attempt("job-1", 1)));
        fleet.step();
        assertThat(fleet.fed()).describedAs("nobody is idle, and one record waits").hasSize(3);

        fleet.hear(started(attempt("job-2", 1)));
        fleet.step();
        assertThat(fleet.fed()).hasSize(4).last().isEqualTo(attempt("job-3", 1));
    }

    @Test
    void aRetryStandsBehindOneRecord() {
        acceptMany(9);
        fleet.workers.alive(worker("worker-1"));
        fleet.workers.alive(worker("worker-2"));
        fleet.step();
        fleet.hear(started(attempt("job-0", 1)));
        fleet.hear(started(attempt("job-1", 1)));

        fleet.hear(failed(attempt("job-0", 1), ErrorCategory.PREEMPTED));
        fleet.step();
        fleet.hear(started(attempt("job-2", 1)));
        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("job-0", 1), attempt("job-1", 1), attempt("job-2", 1), attempt(
                "job-0", 2));
    }

    @Test
    void feedsByPriorityAndThenByAcceptance() {
        fleet.accept("late", 0, NOON.plusSeconds(2));
        fleet.accept("early", 0, NOON.plusSeconds(1));
        fleet.accept("urgent", 1, NOON.plusSeconds(3));
        fleet.workers.alive(worker("worker-1"));
        fleet.workers.alive(worker("worker-2"));

        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("urgent", 1), attempt("early", 1), attempt("late", 1));
    }

    @Test
    void theRecordSaysWhatToRunAndAnEventThatItWaits() {
        var job = fleet.accept("job-1");

        fleet.step();

        var request = fleet.ledger.request(job).orElseThrow();
        assertThat(fleet.ready.records()).singleElement().satisfies(fed -> {
            assertThat(fed.pool()).isEqualTo("edit");
            assertThat(fed.ready()).isEqualTo(new Message.AttemptReady(attempt("job-1", 1), "default", request
                    .submission(), "avatar-128@3"));
        });
        assertThat(fleet.events.published(Message.AttemptReady.class)).hasSize(1);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.READY);
    }

    @Test
    void whatMayNotHaveBeenFedIsFedAgain() {
        fleet.accept("job-1");
        fleet.ready.setDown(true);
        fleet.step();
        assertThat(fleet.state("job-1")).isEqualTo(JobState.QUEUED);

        fleet.ready.setDown(false);
        fleet.step();
        assertThat(fleet.fed()).containsExactly(attempt("job-1", 1));
        assertThat(fleet.state("job-1")).isEqualTo(JobState.READY);
    }

    @Test
    void aRunThatCannotBeFedFailsAndStopsNobody() {
        fleet.accept("poison", 1, NOON);
        fleet.accept("job-1");
        fleet.accept("job-2");
        fleet.ready.setPoison("poison");

        fleet.step();
        fleet.step();

        assertThat(fleet.fed()).containsExactlyInAnyOrder(attempt("job-1", 1), attempt("job-2", 1));
        assertThat(fleet.state("poison")).isEqualTo(JobState.FAILED);
        assertThat(fleet.results()).singleElement().satisfies(manifest -> {
            assertThat(manifest.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(manifest.failure().category()).isEqualTo(ErrorCategory.INTERNAL);
            assertThat(manifest.failure().message()).contains("at most 64 kB");
        });
    }

    @Test
    void feedsWhileTheStoreIsAway() {
        fleet.accept("job-1");
        fleet.store.setDown(true);

        fleet.step();

        assertThat(fleet.fed()).containsExactly(attempt("job-1", 1));
    }
}
