package org.atelier.dispatcher.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.atelier.dispatcher.support.Intakes.GENERATE;
import static org.atelier.dispatcher.support.Intakes.OPTIMIZE;
import static org.atelier.dispatcher.support.Intakes.json;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Topics;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.atelier.common.request.Violation;
import org.atelier.common.store.StoreException;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.trace.Spans;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {
    private static final Principal WHO = Principal.ANONYMOUS;
    private static final JobId JOB = new JobId("job-1");

    @TempDir
    private Path folder;

    private Fleet fleet;
    private Intake intake;

    @BeforeEach
    void open() {
        fleet = new Fleet(folder);
        intake = Intakes.over(fleet);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aRequestIsStoredWithItsDefaultsAndThenProducedAsItWasSent() {
        var admission = intake.submit(WHO, JOB, json(OPTIMIZE), null);

        assertThat(admission).isInstanceOfSatisfying(Admission.Accepted.class, accepted -> {
            var request = accepted.request();
            assertThat(request.job()).isEqualTo(JOB);
            assertThat(request.tenant()).isEqualTo("default");
            assertThat(request.bundle()).isEqualTo("avatar-128@3");
            assertThat(request.acceptedAt()).isEqualTo(fleet.time.instant());
            assertThat(request.submission().priority()).isEqualTo(3);
            assertThat(request.submission().labels()).containsEntry("order", "17");
            assertThat(fleet.ledger.request(JOB)).contains(request);
        });
        assertThat(fleet.events.published()).containsExactlyInAnyOrder(
                new Published(Topics.REQUESTS, new Message.JobRequested("job-1", json(OPTIMIZE))),
                new Published(Topics.EVENTS, new Message.RunQueued(RunId.first(JOB))));
    }

    @Test
    void aRequestWithoutANameBecomesAJobLikeAnyOther() {
        var named = JobId.random();

        assertThat(intake.submitNew(WHO, named, json(GENERATE), null)).isInstanceOf(Admission.Accepted.class);
        assertThat(intake.submit(WHO, named, json(GENERATE), null)).as("told its name, the caller sends it again")
                .isInstanceOf(Admission.Known.class);
        assertThat(intake.submitNew(WHO, named, json(OPTIMIZE), null)).as("a name that was not new after all")
                .isEqualTo(new Admission.Conflict(named));
        assertThat(fleet.events.published(Message.RunQueued.class)).hasSize(1);
    }

    @Test
    void theNewestVersionOfABundleIsPinned() {
        assertThat(intake.submit(WHO, JOB, json(GENERATE), null)).isInstanceOfSatisfying(Admission.Accepted.class,
                accepted -> {
                    assertThat(accepted.request().bundle()).isEqualTo("avatar-128@3");
                    assertThat(accepted.request().submission().request().bundle()).isEqualTo("avatar-128");
                });
    }

    @Test
    void theSameRequestIsTheSameJobHoweverItIsWritten() {
        intake.submit(WHO, JOB, json(GENERATE), null);
        var again = json("""
                {"request": {"sources": [ {"seed":85} ], "bundle":"avatar-128", "type":"generate"}}""");

        assertThat(intake.submit(WHO, JOB, again, null)).isInstanceOf(Admission.Known.class);
        assertThat(fleet.events.published(Message.JobRequested.class)).as("the first time may have stopped early")
                .hasSize(2);
        assertThat(fleet.events.published(Message.RunQueued.class)).hasSize(1);
    }

    @Test
    void anotherRequestUnderATakenIdIsAConflict() {
        intake.submit(WHO, JOB, json(GENERATE), null);

        assertThat(intake.submit(WHO, JOB, json(OPTIMIZE), null)).isEqualTo(new Admission.Conflict(JOB));
        assertThat(intake.submit(new Principal("another", "x"), JOB, json(GENERATE), null)).as("of another tenant")
                .isEqualTo(new Admission.Conflict(JOB));
        assertThat(fleet.events.published(Message.JobRequested.class)).hasSize(1);
    }

    @Test
    void whatCannotBeAJobLeavesNoTrace() {
        var admission = intake.submit(WHO, JOB, json("""
                {"request": {"type": "optimize", "bundle": "avatar-128", "prompt": "x", "step": 5}}"""), null);

        assertThat(admission).isEqualTo(new Admission.Refused(List.of(new Violation("/request/step",
                "is not known here"))));
        assertThat(fleet.ledger.request(JOB)).isEmpty();
        assertThat(fleet.events.published()).isEmpty();
    }

    @Test
    void theRequestIsCheckedAgainstItsBundle() {
        var admission = intake.submit(WHO, JOB, json("""
                {"request": {"type": "generate", "bundle": "avatar-128", "sources": [{"seed": 1}],
                 "truncation": {"psi": 0.7, "cutoff": 13}}}"""), null);

        assertThat(admission).isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused
                .violations()).singleElement().satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("/request/truncation/cutoff");
                    assertThat(violation.message()).contains("13").contains("12 rows");
                }));
    }

    @Test
    void aBundleThatIsNotThereIsNamed() {
        var admission = intake.submit(WHO, JOB, json("""
                {"request": {"type": "generate", "bundle": "nobody@3", "sources": [{"seed": 1}]}}"""), null);

        assertThat(admission).isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused
                .violations()).singleElement().satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("/request/bundle");
                    assertThat(violation.message()).contains("nobody@3");
                }));
    }

    @Test
    void aTypeThatNoPoolRunsIsRefused() {
        var small = new Intake(new SubmissionReader(), new RequestValidator(), Intakes.bundles(fleet), Pools
                .parse("edit=generate"), fleet.ledger, fleet.events, fleet.time, tenant -> Optional.empty(), (
                        composite, bundle) -> List.of(), Spans.OFF);

        assertThat(small.submit(WHO, JOB, json(OPTIMIZE), null)).isInstanceOfSatisfying(Admission.Refused.class,
                refused -> assertThat(refused.violations()).singleElement().satisfies(violation -> assertThat(violation
                        .field()).isEqualTo("/request/type")));
    }

    @Test
    void whatCouldNotBeHandedToAWorkerIsRefused() {
        var small = GENERATE.replace("}]}}", "}]}, \"labels\": {\"a\": \"x\", \"b\": \"x\"}}");
        int room = EventCodec.MAX_DATA - Json.bytes(json(small)).length;
        var full = json(small.replace("\"a\":", "\"" + "a".repeat(1 + room / 2) + "\":")
                .replace("\"b\":", "\"" + "b".repeat(1 + room - room / 2) + "\":"));
        assertThat(Json.bytes(full)).hasSize(EventCodec.MAX_DATA);

        assertThat(intake.submit(WHO, JOB, full, null)).isInstanceOfSatisfying(Admission.Refused.class,
                refused -> assertThat(refused.violations()).singleElement().satisfies(violation -> assertThat(violation
                        .message()).startsWith("is too large")));
    }

    @Test
    void nothingIsPromisedWhileTheStoreOrKafkaIsAway() {
        fleet.store.setDown(true);
        assertThatThrownBy(() -> intake.submit(WHO, JOB, json(GENERATE), null)).isInstanceOf(StoreException.class);
        fleet.store.setDown(false);
        fleet.events.setDown(true);
        assertThatThrownBy(() -> intake.submit(WHO, JOB, json(GENERATE), null)).isInstanceOf(PublishException.class);
        fleet.events.setDown(false);

        assertThat(intake.submit(WHO, JOB, json(GENERATE), null)).as("the request was stored by the try before")
                .isInstanceOf(Admission.Known.class);
        assertThat(fleet.events.published(Message.JobRequested.class)).hasSize(1);
    }

    @RepeatedTest(10)
    void ofEqualRequestsThatRaceOneMakesTheJob() throws Exception {
        var id = JobId.ofKey("default", "key-1");
        var admissions = race(8, () -> intake.submit(WHO, id, json(GENERATE), null));

        assertThat(admissions).filteredOn(Admission.Accepted.class::isInstance).isNotEmpty();
        assertThat(admissions).filteredOn(Admission.Conflict.class::isInstance).isEmpty();
        assertThat(fleet.store.keys()).filteredOn(key -> key.endsWith("request.json")).hasSize(1);
        assertThat(admissions).extracting(admission -> switch (admission) {
            case Admission.Accepted accepted -> accepted.request();
            case Admission.Known known -> known.request();
            default -> null;
        }).containsOnly(fleet.ledger.request(id).orElseThrow());
    }

    @RepeatedTest(10)
    void ofDifferentRequestsThatRaceOneMakesTheJobAndTheOthersAreToldSo() throws Exception {
        var turns = Collections.synchronizedList(new ArrayList<>(IntStream.range(0, 8).boxed().toList()));
        var admissions = race(8, () -> intake.submit(WHO, JOB, json(GENERATE.replace("85", String.valueOf(turns
                .removeFirst()))), null));

        assertThat(admissions).filteredOn(Admission.Accepted.class::isInstance).hasSize(1);
        assertThat(admissions).filteredOn(Admission.Conflict.class::isInstance).hasSize(7);
    }

    private static List<Admission> race(int callers, Callable<Admission> call) throws Exception {
        var start = new CyclicBarrier(callers);
        try (var executor = Executors.newFixedThreadPool(callers)) {
            var calls = Collections.<Callable<Admission>>nCopies(callers, () -> {
                start.await();
                return call.call();
            });
            var admissions = new ArrayList<Admission>();
            for (var done : executor.invokeAll(calls)) {
                admissions.add(done.get());
            }
            return admissions;
        }
    }

    @Test
    void aTenantWhoseQueueIsFullIsAskedToComeBack() {
        var limited = Intakes.over(fleet, tenant -> Optional.of(7));

        assertThat(limited.submit(WHO, JOB, json(GENERATE), null)).isEqualTo(new Admission.OverQuota(7));
        assertThat(fleet.ledger.request(JOB)).isEmpty();

        intake.submit(WHO, JOB, json(GENERATE), null);
        assertThat(limited.submit(WHO, JOB, json(GENERATE), null)).as("a repeat adds nothing").isInstanceOf(
                Admission.Known.class);
        assertThat(limited.admit(WHO, new JobId("from-a-record"), json(GENERATE), null)).as("a record is there already")
                .isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void waitsOnlyForJobsThatAreThere() {
        var child = GENERATE.replace("}]}}", "}]}, \"depends_on\": [\"job-0\"]}");
        assertThat(intake.submit(WHO, JOB, json(child), null)).isInstanceOfSatisfying(Admission.Refused.class,
                refused -> assertThat(refused.violations()).singleElement().satisfies(violation -> assertThat(violation
                        .message()).contains("job-0").contains("submit it first")));

        intake.submit(WHO, new JobId("job-0"), json(GENERATE), null);
        assertThat(intake.submit(WHO, JOB, json(child), null)).isInstanceOf(Admission.Accepted.class);
        assertThat(intake.submit(new Principal("others", "eve"), new JobId("job-2"), json(child), null)).as(
                "what belongs to others is not there").isInstanceOf(Admission.Refused.class);
        assertThat(intake.submit(WHO, new JobId("job-3"), json(child.replace("job-0", "job-3")), null)).as("itself")
                .isInstanceOf(Admission.Refused.class);
    }
}
