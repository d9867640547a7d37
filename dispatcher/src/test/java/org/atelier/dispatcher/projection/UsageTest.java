package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.atelier.dispatcher.support.Samples.NOON;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Samples;
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
class UsageTest {
    private static final RunId RUN = RunId.first(new JobId("job-1"));

    /** Something that is told, and when. */
    private record Told(Message message, Instant at) {}

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    private Database database;
    private Projection projection;
    private final List<Told> told = new ArrayList<>();

    @BeforeEach
    void open() {
        database = kind.in(folder);
        projection = new Projection(database);
        admit("job-1");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void admit(String job) {
        projection.write(batch -> batch.admit(Samples.request(job, 0, NOON), "edit"));
    }

    private void started(int attempt, int second, int from) {
        tell(new Message.AttemptStarted(new AttemptId(RUN, attempt), "w", "host", from), second);
    }

    private void progressed(int attempt, int second, int step) {
        tell(new Message.AttemptProgressed(new AttemptId(RUN, attempt), step, new Message.Progress(step, 100, Map.of(),
                null, List.of())), second);
    }

    private void failed(int attempt, int second, Map<String, Double> seconds) {
        tell(new Message.AttemptFailed(new AttemptId(RUN, attempt), "w", JobFailure.of(ErrorCategory.TIMEOUT, "gone"),
                seconds), second);
    }

    private void ended(int attempt, int second, Outcome outcome, double seconds) {
        tell(new Message.RunEnded(new Manifest(RUN, "default", JobType.OPTIMIZE, "b@1", outcome, attempt, "token", Map
                .of(), List.of(), null, null, Map.of("load", 99.0, "run", seconds), Map.of(), NOON.plusSeconds(
                        second))), second);
    }

    private void tell(Message message, int second) {
        told.add(new Told(message, NOON.plusSeconds(second)));
    }

    private List<Usage> usage() {
        told.forEach(each -> projection.note(each.message, each.at));
        return new FleetIndex(database).usage(Optional.empty(), NOON, NOON.plusSeconds(3_600));
    }

    private void isOne(List<Usage> usage, long attempts, double device, double wasted) {
        assertThat(usage).singleElement().satisfies(row -> {
            assertThat(row.tenant()).isEqualTo("default");
            assertThat(row.runs()).isEqualTo(1);
            assertThat(row.attempts()).isEqualTo(attempts);
            assertThat(row.deviceSeconds()).isCloseTo(device, within(1e-6));
            assertThat(row.wastedSeconds()).isCloseTo(wasted, within(1e-6));
        });
    }

    @Test
    void anAttemptThatMadeTheResultWastedNothing() {
        started(1, 0, 0);
        progressed(1, 5, 50);
        ended(1, 12, Outcome.SUCCEEDED, 10);

        isOne(usage(), 1, 10, 0);
    }

    @Test
    void ofAWorkerThatDiedWhatWasDoneAgainIsWasted() {
        started(1, 0, 0);
        progressed(1, 20, 40);
        failed(1, 26, Map.of());
        started(2, 30, 30);
        ended(2, 50, Outcome.SUCCEEDED, 18);

        isOne(usage(), 2, 20 + 18, 20 * 10 / 40.0);
    }

    @Test
    void allOfARunWithoutAResultIsWasted() {
        started(1, 0, 0);
        progressed(1, 4, 10);
        failed(1, 5, Map.of("run", 4.5));
        started(2, 10, 10);
        ended(2, 20, Outcome.FAILED, 8);

        isOne(usage(), 2, 12.5, 12.5);
    }

    @Test
    void whatRunsIsCountedAndNotJudged() {
        started(1, 0, 0);
        progressed(1, 7, 10);

        isOne(usage(), 1, 7, 0);
    }

    @Test
    void theOrderOfReadingDoesNotMatterWithinAJob() {
        started(1, 0, 0);
        progressed(1, 10, 20);
        progressed(1, 20, 40);
        failed(1, 26, Map.of());
        started(2, 30, 30);
        progressed(2, 35, 60);
        ended(2, 50, Outcome.SUCCEEDED, 18);
        told.addAll(List.copyOf(told));
        Collections.shuffle(told, new Random(4));

        isOne(usage(), 2, 38, 5);
    }

    /** Wherever a time is cut, both parts are together what the whole is; a run counts where its first attempt started. */
    @Test
    void twoTimesSideBySideAreTogetherTheWhole() {
        started(1, 0, 0);
        progressed(1, 20, 40);
        failed(1, 26, Map.of());
        started(2, 30, 30);
        ended(2, 50, Outcome.SUCCEEDED, 18);
        told.forEach(each -> projection.note(each.message, each.at));
        var fleet = new FleetIndex(database);

        var before = fleet.usage(Optional.empty(), NOON, NOON.plusSeconds(29));
        var after = fleet.usage(Optional.empty(), NOON.plusSeconds(29), NOON.plusSeconds(60));

        isOne(before, 1, 20, 5);
        assertThat(after).singleElement().satisfies(row -> {
            assertThat(row.runs()).isZero();
            assertThat(row.deviceSeconds()).isCloseTo(18, within(1e-6));
            assertThat(row.wastedSeconds()).isZero();
        });
    }

    @Test
    void whatAnyLaterAttemptDidAgainIsWasted() {
        started(1, 0, 0);
        progressed(1, 20, 40);
        failed(1, 26, Map.of());
        started(2, 30, 30);
        progressed(2, 31, 31);
        failed(2, 37, Map.of());
        started(3, 40, 0);
        ended(3, 90, Outcome.SUCCEEDED, 45);

        isOne(usage(), 3, 20 + 1 + 45, 20 + 1);
    }

    @Test
    void othersAndOtherTimesAreNotCounted() {
        started(1, 0, 0);
        ended(1, 12, Outcome.SUCCEEDED, 10);
        told.forEach(each -> projection.note(each.message, each.at));
        var fleet = new FleetIndex(database);

        assertThat(fleet.usage(Optional.of("other"), NOON, NOON.plusSeconds(60))).isEmpty();
        assertThat(fleet.usage(Optional.of("default"), NOON, NOON.plusSeconds(60))).hasSize(1);
        assertThat(fleet.usage(Optional.empty(), NOON.plusSeconds(1), NOON.plusSeconds(60))).isEmpty();
        assertThat(fleet.usage(Optional.empty(), NOON.minusSeconds(60), NOON)).isEmpty();
    }
}
