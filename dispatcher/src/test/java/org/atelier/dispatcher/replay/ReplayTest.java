package org.atelier.dispatcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.manifest;
import static org.atelier.dispatcher.support.Samples.run;
import static org.atelier.dispatcher.support.Samples.started;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
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
class ReplayTest {
    @Parameter
    private TestDatabase kind;

    private static final Principal WHO = new Principal("default", "anna");
    private static final int MANY = 1_000;

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

    private void fail(String job) {
        fleet.accept(job);
        var manifest = manifest(attempt(job, 1), Outcome.FAILED);
        fleet.hear(started(attempt(job, 1)));
        fleet.ledger.commit(manifest);
        fleet.hear(new Message.RunEnded(manifest));
        fleet.book.write(batch -> batch.announced(manifest.run()));
    }

    private static ReplayRequest jobs(String id, Map<String, JsonNode> set, String... jobs) {
        return new ReplayRequest(id, List.of(jobs).stream().map(JobId::new).toList(), null, set, false, 1_000);
    }

    private static ReplayRequest filter(String id, ErrorCategory error, boolean dryRun) {
        return new ReplayRequest(id, null, new ReplayRequest.Filter(JobType.GENERATE, error, null, null), null, dryRun,
                1_000);
    }

    @Test
    void theSameRequestIsTheNextRunOfTheSameJob() {
        fail("job-1");
        fleet.replays().submit(WHO, jobs("replay-1", Map.of(), "job-1"));

        fleet.step();

        var next = new RunId(new JobId("job-1"), 2);
        assertThat(fleet.fed()).extracting(fed -> fed.run()).containsExactly(next);
        assertThat(fleet.state("job-1")).isEqualTo(JobState.READY);
        assertThat(fleet.ledger.replay(next).orElseThrow().replay()).isEqualTo("replay-1");
        assertThat(fleet.ledger.manifest(run("job-1"))).as("the first answer stays").isPresent();
    }

    private static ReplayRequest ofTenant(String id, String tenant) {
        return new ReplayRequest(id, null, new ReplayRequest.Filter(null, null, null, tenant), null, false, 1_000);
    }

    @Test
    void anotherTenantsJobsAreForAdmins() {
        fail("job-1");
        var shop = new Principal("shop", "bob", Role.OPERATE);
        assertThatThrownBy(() -> fleet.replays().submit(shop, ofTenant("replay-1", "default")))
                .isInstanceOfSatisfying(InvalidSubmissionException.class, e -> assertThat(e.violations())
                        .singleElement().satisfies(violation -> assertThat(violation.field()).isEqualTo(
                                "/filter/tenant")));

        var admin = new Principal("shop", "carl", Role.ADMIN);
        assertThat(fleet.replays().submit(admin, ofTenant("replay-1", null)).jobs()).as("of its own").isZero();
        assertThat(fleet.replays().submit(admin, ofTenant("replay-2", "default")).jobs()).isEqualTo(1);
        assertThat(fleet.replays().find(admin, "replay-2")).isPresent();
        assertThat(fleet.replays().find(WHO, "replay-2")).as("whose jobs they are").isPresent();
        assertThat(fleet.replays().find(shop, "replay-2")).isEmpty();
        assertThat(fleet.events.published(Message.ActionAudited.class)).last().satisfies(audited -> {
            assertThat(audited.actor()).isEqualTo("carl");
            assertThat(audited.details().get("filter")).contains("default");
        });

        fleet.step();
        assertThat(fleet.fed()).extracting(fed -> fed.run()).containsExactly(new RunId(new JobId("job-1"), 2));
    }

    @Test
    void otherParametersAreANewJobThatNamesItsParent() {
        fail("job-1");
        fleet.replays().submit(WHO, jobs("replay-1", Map.of("priority", Json.tree(7)), "job-1"));

        fleet.step();

        assertThat(fleet.state("job-1")).isEqualTo(JobState.FAILED);
        assertThat(fleet.events.published(Message.JobRequested.class)).singleElement().satisfies(requested -> {
            var request = fleet.ledger.request(new JobId(requested.key())).orElseThrow();
            assertThat(request.parent()).isEqualTo(run("job-1"));
            assertThat(request.submission().priority()).isEqualTo(7);
            assertThat(request.submission().request()).isEqualTo(fleet.entry("job-1").request().submission().request());
        });
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndDoesNothing() {
        fleet.accept("good");
        fleet.hear(started(attempt("good", 1)));
        fleet.hear(new Message.RunEnded(manifest(attempt("good", 1), Outcome.SUCCEEDED)));
        fail("job-1");
        fail("job-2");

        var view = fleet.replays().submit(WHO, new ReplayRequest(null, null, new ReplayRequest.Filter(null,
                ErrorCategory.DIVERGED, null, null), Map.of("priority", Json.tree(3)), true, null));

        assertThat(view.id()).isNull();
        assertThat(view.jobs()).isEqualTo(2);
        assertThat(view.estimatedDeviceSeconds()).isEqualTo(120);
        assertThat(view.differences().get("priority").from()).containsExactly(Map.entry("0", 2));
        fleet.pass(Duration.ofSeconds(5));
        assertThat(fleet.events.published(Message.ActionAudited.class)).isEmpty();
        assertThat(List.of(fleet.state("job-1"), fleet.state("job-2"))).containsOnly(JobState.FAILED);
    }

    @Test
    void aFilterFindsWhatFailedSoAndNothingElse() {
        fail("job-1");
        assertThat(fleet.replays().submit(WHO, filter(null, ErrorCategory.OUT_OF_MEMORY, true)).jobs()).isZero();
        assertThat(fleet.replays().submit(WHO, filter(null, ErrorCategory.DIVERGED, true)).jobs()).isEqualTo(1);
        assertThat(fleet.replays().submit(new Principal("others", "eve"), filter(null, ErrorCategory.DIVERGED, true))
                .jobs()).isZero();
    }

    @Test
    void whatMayNotBeDoneIsRefusedWithTheReason() {
        fail("job-1");
        fleet.accept("queued");
        assertThatThrownBy(() -> fleet.replays().submit(WHO, jobs("replay-1", Map.of("bundle", Json.tree("other")),
                "job-1"))).isInstanceOfSatisfying(InvalidSubmissionException.class, e -> assertThat(e.violations())
                        .singleElement().satisfies(violation -> assertThat(violation.message()).contains("steps")));
        assertThatThrownBy(() -> fleet.replays().submit(WHO, jobs("replay-1", Map.of(), "queued", "nobody")))
                .isInstanceOfSatisfying(InvalidSubmissionException.class, e -> assertThat(e.violations()).hasSize(2));
        fleet.replays().submit(WHO, jobs("replay-1", Map.of(), "job-1"));
        assertThatThrownBy(() -> fleet.replays().submit(WHO, jobs("replay-1", Map.of("priority", Json.tree(1)),
                "job-1"))).isInstanceOf(Replays.IdTakenException.class);
    }

    @Test
    void theSameIdIsTheSameReplayWithOneAuditRecord() {
        fail("job-1");
        fleet.replays().submit(WHO, filter("replay-1", ErrorCategory.DIVERGED, false));
        fleet.step();
        fail("job-2");

        var again = fleet.replays().submit(WHO, filter("replay-1", ErrorCategory.DIVERGED, false));

        assertThat(again.jobs()).as("what it selected the first time").isEqualTo(1);
        assertThat(again.done()).isTrue();
        fleet.pass(Duration.ofSeconds(5));
        assertThat(fleet.state("job-2")).isEqualTo(JobState.FAILED);
        assertThat(fleet.events.published(Message.ActionAudited.class)).singleElement().satisfies(audited -> {
            assertThat(audited.action()).isEqualTo("job.replay");
            assertThat(audited.target()).isEqualTo("replay-1");
        });
    }

    @Test
    void twoReplaysOfOneRunMakeOneNextRun() {
        fail("job-1");
        fleet.replays().submit(WHO, jobs("replay-1", Map.of(), "job-1"));
        fleet.replays().submit(WHO, jobs("replay-2", Map.of(), "job-1"));

        fleet.pass(Duration.ofSeconds(3));

        assertThat(List.of("replay-1", "replay-2")).map(id -> fleet.replays().find(WHO, id).orElseThrow()).allMatch(
                ReplayView::done).extracting(ReplayView::replayed).containsExactlyInAnyOrder(0, 1);
        assertThat(fleet.ledger.replay(new RunId(new JobId("job-1"), 3))).isEmpty();
    }

    @Test
    void keepsToItsRate() {
        IntStream.range(0, 20).forEach(job -> fail("job-" + job));
        fleet.replays().submit(WHO, new ReplayRequest("replay-1", null, new ReplayRequest.Filter(null, null, null,
                null), null, false, 2));

        fleet.pass(Duration.ofSeconds(5));

        assertThat(fleet.replays().find(WHO, "replay-1").orElseThrow().replayed()).isBetween(8, 12);
    }

    /** Whatever was only remembered dies with it, in the middle of a job's part or between two. */
    @Test
    void aDispatcherThatDiesInTheMiddleLosesAndDoublesNothing() {
        var random = new Random(85);
        var jobs = IntStream.range(0, MANY).mapToObj(job -> "job-" + job).toList();
        jobs.forEach(this::fail);
        fail("untouched");
        var request = new ReplayRequest("replay-1", jobs.stream().map(JobId::new).toList(), null, null, false, 1_000);
        fleet.replays().submit(WHO, request);

        int deaths = 0;
        while (!fleet.replays().find(WHO, "replay-1").orElseThrow().done()) {
            // Between two messages lie the documents of a job's part; the step that fails notes nothing of what it did.
            fleet.events.setDownAfter(random.nextInt(150));
            fleet.pass(Duration.ofSeconds(1));
            fleet.events.setDownAfter(Integer.MAX_VALUE);
            fleet.restart();
            deaths++;
        }

        assertThat(deaths).isGreaterThan(5);
        var asked = fleet.events.published(Message.RunQueued.class).stream().map(Message.RunQueued::run).collect(
                Collectors.toSet());
        assertThat(asked).isEqualTo(jobs.stream().map(job -> new RunId(new JobId(job), 2)).collect(Collectors
                .toSet()));
        assertThat(jobs).allSatisfy(job -> assertThat(fleet.entry(job).run()).isEqualTo(2));
        assertThat(fleet.entry("untouched").run()).isEqualTo(1);
        assertThat(fleet.events.published(Message.ActionAudited.class)).hasSize(1);
    }
}
