package org.atelier.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

import org.atelier.chaos.history.Report.Kind;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckerTest {
    private static final RunId RUN = RunId.first(new JobId("job-1"));

    private final History history = new History();

    private static Instant at(double seconds) {
        return Instant.EPOCH.plusNanos((long) (seconds * 1e9));
    }

    private static AttemptId attempt(int number) {
        return new AttemptId(RUN, number);
    }

    private void accept() {
        history.add(new Fact.Submitted(at(0), RUN));
        history.add(new Fact.Accepted(at(0), RUN));
    }

    private void start(double second, int attempt, String worker, int from) {
        history.add(new Fact.AttemptStarted(at(second), attempt(attempt), worker, from));
    }

    private void step(double second, int attempt, String worker, int step) {
        history.add(new Fact.AttemptStepped(at(second), attempt(attempt), worker, step));
    }

    private void end(double second, int attempt, String token) {
        history.add(new Fact.ManifestCreated(at(second), RUN, Outcome.SUCCEEDED, attempt, token));
    }

    private void tell(double second, String token) {
        history.add(new Fact.ResultPublished(at(second), RUN, Outcome.SUCCEEDED, token));
    }

    private Report report() {
        return Checker.check(history);
    }

    private void assertOnly(Kind... kinds) {
        assertThat(report().violations()).extracting(Report.Violation::kind).containsExactlyInAnyOrder(kinds);
    }

    @Test
    void aQuietLifeIsClean() {
        accept();
        start(1, 1, "a", 0);
        step(2, 1, "a", 1);
        end(3, 1, "t");
        tell(4, "t");

        assertThat(report().clean()).isTrue();
        assertThat(report().ended()).isEqualTo(1);
        assertThat(report().wastedDeviceSeconds()).isZero();
    }

    @Test
    void whatWasAcceptedAndNeverEndedIsLost() {
        accept();
        assertOnly(Kind.LOST);
    }

    @Test
    void anEndThatNobodyWasToldOf() {
        accept();
        end(1, 1, "t");
        assertOnly(Kind.UNTOLD);
    }

    @Test
    void ofAnUnknownRunBothAreRight() {
        history.add(new Fact.Submitted(at(0), RUN));
        assertOnly();
        assertThat(report().unknown()).isEqualTo(1);
        end(1, 1, "t");
        tell(2, "t");
        assertOnly();
    }

    @Test
    void anEndThatNobodyAskedForIsUnexpected() {
        end(1, 1, "t");
        tell(2, "t");
        assertOnly(Kind.UNEXPECTED);
    }

    @Test
    void anEndOfWhatWasRefusedIsUnexpected() {
        history.add(new Fact.Submitted(at(0), RUN));
        history.add(new Fact.Refused(at(0), RUN, "no such bundle"));
        end(1, 1, "t");
        tell(2, "t");
        assertOnly(Kind.UNEXPECTED);
    }

    @Test
    void aResultToldAgainIsARepeatAndAnotherOneIsADouble() {
        accept();
        end(1, 1, "t");
        tell(2, "t");
        tell(3, "t");
        assertOnly();
        assertThat(report().repeatedResults()).isEqualTo(1);

        tell(4, "u");
        assertOnly(Kind.DOUBLE_RESULT, Kind.RESULT_WITHOUT_MANIFEST);
    }

    @Test
    void twoExecutionsThatRunAtOnceAndBothEndTheRun() {
        accept();
        start(1, 1, "a", 0);
        start(2, 2, "b", 0);
        step(3, 1, "a", 1);
        step(4, 2, "b", 1);
        end(5, 1, "t");
        end(6, 2, "u");
        tell(7, "u");

        assertOnly(Kind.DOUBLE_MANIFEST, Kind.BOTH_COMMITTED);
        assertThat(report().duplicates()).isEqualTo(1);
    }

    @Test
    void oneAttemptOnTwoWorkers() {
        accept();
        start(1, 1, "a", 0);
        start(2, 1, "b", 0);
        end(5, 1, "t");
        tell(7, "t");

        assertOnly(Kind.ATTEMPT_TWICE);
    }

    @Test
    void recoveryIsCountedFromTheFaultToTheFirstStepOfTheNextAttempt() {
        accept();
        start(0, 1, "a", 0);
        step(1, 1, "a", 1);
        step(2, 1, "a", 2);
        step(3, 1, "a", 3);
        history.add(new Fact.FaultInjected(at(3.5), "f1", "kill-worker", "a"));
        history.add(new Fact.FaultInjected(at(3.6), "f2", "kill-worker", "c"));
        start(8, 2, "b", 1);
        step(9, 2, "b", 2);
        step(10, 2, "b", 3);
        step(11, 2, "b", 4);
        end(12, 2, "t");
        tell(13, "t");

        var fault = report().faults().get("kill-worker");
        assertThat(fault.injected()).isEqualTo(2);
        assertThat(fault.recoverySeconds()).isEqualTo(new Spread(1, 5.5, 5.5, 5.5));
        assertThat(report().redone()).isEqualTo(new Spread(1, 2, 2, 2));
        // Six steps in six seconds of the device, and four were needed.
        assertThat(report().deviceSeconds()).isEqualTo(6);
        assertThat(report().wastedDeviceSeconds()).isEqualTo(2);
    }

    @Test
    void aHistoryAndItsReportCanBeKept(@TempDir Path folder) throws IOException {
        accept();
        history.add(new Fact.BlobPresent(at(9), "blobs/x", 7, false));
        history.add(new Fact.FaultInjected(at(1), "f", "store-down", null));
        history.write(folder.resolve("history.jsonl"));

        assertThat(History.read(folder.resolve("history.jsonl")).facts()).isEqualTo(history.facts());
        assertThat(Json.read(Json.bytes(report()), Report.class)).isEqualTo(report());
        assertThat(report().orphans()).isEqualTo(new Report.Orphans(1, 7));
        assertThat(ReportText.of(report())).contains("orphaned blobs", "1 (7 bytes)", "store-down", "LOST job-1/1");
    }
}
