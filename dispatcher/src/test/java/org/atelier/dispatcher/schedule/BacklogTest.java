package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.NOON;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.progressed;
import static org.atelier.dispatcher.support.Samples.run;
import static org.atelier.dispatcher.support.Samples.started;
import static org.atelier.dispatcher.support.Samples.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.Source;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The order in which jobs start, and what keeps them from starting. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class BacklogTest {
    @Parameter
    private TestDatabase kind;

    private static final String OTHER_BUNDLE = "church-64@2";

    @TempDir
    private Path folder;

    private Fleet fleet;
    private int accepted;

    @BeforeEach
    void open() {
        fleet = new Fleet(kind, folder, Map.of("ATELIER_TENANTS",
                "anna:weight=3;bert:weight=1;carl:running=1,queued=3;*:weight=1"));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static JobSubmission submission() {
        return JobSubmission.of(GenerateRequest.of("avatar-128", List.of(new Source.Seed(85))));
    }

    private static JobSubmission dependingOn(String... parents) {
        return new JobSubmission(submission().request(), 0, Map.of(), null, null, List.of(parents).stream().map(
                JobId::new).toList(), JobSubmission.QUEUE_TIMEOUT, JobSubmission.RUN_TIMEOUT);
    }

    /** A job, one second after the job before. */
    private void accept(String job, String tenant, String bundle, JobSubmission submission) {
        fleet.accept(new StoredRequest(new JobId(job), tenant, submission, bundle, "sha256:" + "0".repeat(64), NOON
                .plusSeconds(accepted++)));
    }

    private void acceptMany(String tenant, int jobs) {
        for (int job = 0; job < jobs; job++) {
            accept(tenant + "-" + job, tenant, "avatar-128@3", submission());
        }
    }

    /** Everything that is fed runs and succeeds at once, and so on; the jobs in the order in which they were fed. */
    private List<String> runAll() {
        var done = new ArrayList<String>();
        for (int before = -1; before < done.size();) {
            before = done.size();
            fleet.step();
            fleet.fed().stream().skip(before).forEach(fed -> {
                done.add(fed.job().value());
                fleet.hear(started(fed));
                fleet.hear(new Message.RunEnded(manifest(fed, Outcome.SUCCEEDED)));
            });
        }
        return done;
    }

    private static Map<String, Long> byTenant(List<String> jobs) {
        return jobs.stream().collect(Collectors.groupingBy(job -> job.substring(0, job.indexOf('-')), Collectors
                .counting()));
    }

    @Test
    void tenantsShareByWeightWhoeverCameFirst() {
        acceptMany("anna", 40);
        acceptMany("bert", 40);
        acceptMany("dora", 40);

        assertThat(byTenant(runAll().subList(0, 50))).containsEntry("anna", 30L).containsEntry("bert", 10L)
                .containsEntry("dora", 10L);
    }

    @Test
    void whoWasIdleHasSavedNothingUp() {
        acceptMany("bert", 60);
        fleet.step();
        for (int job = 0; job < 30; job++) {
            var fed = fleet.fed().get(job);
            fleet.hear(started(fed));
            fleet.hear(new Message.RunEnded(manifest(fed, Outcome.SUCCEEDED)));
            fleet.step();
        }
        int before = fleet.fed().size();
        acceptMany("dora", 20);

        assertThat(byTenant(runAll().subList(before, before + 20))).containsEntry("bert", 10L).containsEntry("dora",
                10L);
    }

    @Test
    void aPriorityOvertakesOnlyItsOwnTenant() {
        accept("bert-0", "bert", "avatar-128@3", submission());
        accept("dora-0", "dora", "avatar-128@3", submission());
        accept("dora-1", "dora", "avatar-128@3", new JobSubmission(submission().request(), 10, Map.of()));

        assertThat(runAll()).containsExactly("bert-0", "dora-1", "dora-0");
    }

    @Test
    void aQuotaLimitsWhatIsFedAndRunsInAllPools() {
        acceptMany("carl", 3);
        acceptMany("dora", 1);
        fleet.workers.alive(worker("worker-1"));
        fleet.workers.alive(worker("worker-2"));

        fleet.step();
        assertThat(fleet.fed()).containsExactlyInAnyOrder(attempt("carl-0", 1), attempt("dora-0", 1));
        fleet.hear(started(attempt("carl-0", 1)));
        fleet.step();
        assertThat(fleet.fed()).hasSize(2);
        fleet.hear(new Message.RunEnded(manifest(attempt("carl-0", 1), Outcome.SUCCEEDED)));
        fleet.step();
        assertThat(fleet.fed()).hasSize(3).last().isEqualTo(attempt("carl-1", 1));
    }

    @Test
    void countsWhatWaitsUpToTheQuota() {
        acceptMany("carl", 2);
        accept("carl-2", "carl", "avatar-128@3", dependingOn("carl-0"));
        assertThat(fleet.book.hasWaiting("carl", 3)).isTrue();

        fleet.step();
        assertThat(fleet.book.hasWaiting("carl", 3)).as("one was fed").isFalse();
        assertThat(fleet.book.hasWaiting("carl", 2)).isTrue();
        assertThat(fleet.book.hasWaiting("dora", 1)).isFalse();
    }

    @Test
    void aHotBundleStaysHotButNobodyIsOvertakenForEver() {
        accept("dora-first", "dora", "avatar-128@3", submission());
        accept("dora-cold", "dora", OTHER_BUNDLE, submission());
        acceptMany("dora", 20);

        var order = runWithOneAlwaysActive();

        assertThat(order.indexOf("dora-cold")).isEqualTo(1 + Backlog.MOST_OVERTAKINGS);
    }

    /** One attempt after the other, so that the pool always works with some bundle when it chooses. */
    private List<String> runWithOneAlwaysActive() {
        fleet.step();
        for (int job = 0; job < 21; job++) {
            var fed = fleet.fed().get(job);
            fleet.hear(started(fed));
            fleet.step();
            fleet.hear(new Message.RunEnded(manifest(fed, Outcome.SUCCEEDED)));
            fleet.step();
        }
        return fleet.fed().stream().map(fed -> fed.job().value()).toList();
    }

    @Test
    void nothingStartsBeforeItsTime() {
        accept("later", "dora", "avatar-128@3", new JobSubmission(submission().request(), 10, Map.of(), NOON
                .plusSeconds(60), null, List.of(), JobSubmission.QUEUE_TIMEOUT, JobSubmission.RUN_TIMEOUT));

        fleet.pass(Duration.ofSeconds(59));
        assertThat(fleet.fed()).isEmpty();
        fleet.pass(Duration.ofSeconds(1));
        assertThat(fleet.fed()).containsExactly(attempt("later", 1));
    }

    @Test
    void waitsForAllItsParents() {
        accept("one", "dora", "avatar-128@3", submission());
        accept("two", "dora", "avatar-128@3", submission());
        accept("child", "dora", "avatar-128@3", dependingOn("one", "two"));
        fleet.step();
        fleet.hear(new Message.RunEnded(manifest(attempt("one", 1), Outcome.SUCCEEDED)));
        fleet.step();
        assertThat(fleet.fed()).doesNotContain(attempt("child", 1));

        fleet.hear(new Message.RunEnded(manifest(attempt("two", 1), Outcome.SUCCEEDED)));
        fleet.step();
        assertThat(fleet.fed()).contains(attempt("child", 1));
    }

    @Test
    void aParentMayBecomeKnownAfterItsChildAndAfterItsEnd() {
        accept("child", "dora", "avatar-128@3", dependingOn("parent"));
        fleet.step();
        assertThat(fleet.fed()).isEmpty();

        fleet.hear(new Message.RunEnded(manifest(attempt("parent", 1), Outcome.SUCCEEDED)));
        accept("parent", "dora", "avatar-128@3", submission());
        fleet.step();
        assertThat(fleet.fed()).containsExactly(attempt("child", 1));

        accept("late", "dora", "avatar-128@3", dependingOn("parent"));
        fleet.step();
        assertThat(fleet.fed()).contains(attempt("late", 1));
    }

    @Test
    void aFailedParentFailsItsChildrenAndTheirChildrenWithItsReason() {
        accept("parent", "dora", "avatar-128@3", submission());
        accept("child", "dora", "avatar-128@3", dependingOn("parent"));
        accept("grandchild", "dora", "avatar-128@3", dependingOn("child"));
        fleet.step();

        fleet.hear(new Message.RunEnded(manifest(attempt("parent", 1), Outcome.FAILED)));
        fleet.step();
        fleet.step();

        assertThat(fleet.state("child")).isEqualTo(JobState.FAILED);
        assertThat(fleet.ledger.manifest(run("child")).orElseThrow().failure()).satisfies(failure -> {
            assertThat(failure.category()).isEqualTo(ErrorCategory.DIVERGED);
            assertThat(failure.message()).contains("the job parent").contains("NaN at step 7");
        });
        assertThat(fleet.ledger.manifest(run("grandchild")).orElseThrow().failure().message()).contains("the job child")
                .contains("NaN at step 7");
        assertThat(fleet.fed()).containsExactly(attempt("parent", 1));
    }

    @Test
    void whatNoWorkerStartsInTimeFails() {
        accept("waits", "dora", "avatar-128@3", new JobSubmission(submission().request(), 0, Map.of(), null, null, List
                .of(new JobId("nobody")), 30, 60));
        accept("fed", "dora", "avatar-128@3", new JobSubmission(submission().request(), 0, Map.of(), null, null, List
                .of(), 30, 60));
        accept("runs", "dora", "avatar-128@3", new JobSubmission(submission().request(), 0, Map.of(), null, null, List
                .of(), 30, 60));
        fleet.hear(started(attempt("runs", 1)));

        fleet.pass(Duration.ofSeconds(33));

        assertThat(List.of("waits", "fed")).allSatisfy(job -> {
            assertThat(fleet.state(job)).isEqualTo(JobState.FAILED);
            assertThat(fleet.ledger.manifest(run(job)).orElseThrow().failure().message()).contains(
                    "queue_timeout_seconds, 30 s");
        });
        assertThat(fleet.ledger.manifest(run("runs"))).isEmpty();
    }

    @Test
    void aPassedDeadlineEndsWhateverTheRunDoesAndFreesItsDevice() {
        for (var job : List.of("waits", "runs", "retries")) {
            accept(job, "dora", "avatar-128@3", new JobSubmission(submission().request(), 0, Map.of(), null, NOON
                    .plusSeconds(2), List.of(), JobSubmission.QUEUE_TIMEOUT, JobSubmission.RUN_TIMEOUT));
        }
        fleet.hear(started(attempt("runs", 1)));
        fleet.hear(failed(attempt("retries", 1), ErrorCategory.INTERNAL));

        fleet.pass(Duration.ofSeconds(3));

        assertThat(List.of("waits", "runs", "retries")).allSatisfy(job -> {
            assertThat(fleet.state(job)).isEqualTo(JobState.FAILED);
            var failure = fleet.ledger.manifest(run(job)).orElseThrow().failure();
            assertThat(failure.category()).isEqualTo(ErrorCategory.TIMEOUT);
            assertThat(failure.message()).contains("deadline");
        });
        assertThat(fleet.ledger.cancel(run("runs"))).isPresent();
        assertThat(fleet.events.published()).anySatisfy(published -> {
            assertThat(published.topic()).isEqualTo(Topics.CONTROL);
            assertThat(published.message()).isEqualTo(new Message.CancelRequested(run("runs"), "dispatcher"));
        });
    }

    @Test
    void anAttemptThatTakesTooLongEndsItsRun() {
        accept("runs", "dora", "avatar-128@3", new JobSubmission(submission().request(), 0, Map.of(), null, null, List
                .of(), JobSubmission.QUEUE_TIMEOUT, 20));
        fleet.hear(started(attempt("runs", 1)));
        for (int second = 0; second < 22; second++) {
            fleet.hear(progressed(attempt("runs", 1), second));
            fleet.pass(Duration.ofSeconds(1));
        }

        assertThat(fleet.ledger.manifest(run("runs")).orElseThrow().failure()).satisfies(failure -> {
            assertThat(failure.category()).isEqualTo(ErrorCategory.TIMEOUT);
            assertThat(failure.message()).contains("run_timeout_seconds, 20 s");
        });
        assertThat(fleet.ledger.cancel(run("runs"))).isPresent();
    }
}
