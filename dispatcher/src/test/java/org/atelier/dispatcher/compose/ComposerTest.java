package org.atelier.dispatcher.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import org.atelier.common.api.JobState;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.replay.ReplayRequest;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.Part;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Samples;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs that consist of jobs, with a single slot to run them in. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ComposerTest {
    @Parameter
    private TestDatabase kind;

    /** Two prompts, two rates and a sheet. */
    private static final String GRID = """
            {"request": {"type": "grid", "bundle": "avatar-128",
              "base": {"type": "optimize", "source": {"seed": 7}, "steps": 5},
              "axes": {"/prompt": ["a smile", "a beard"], "/learning_rate": [0.1, 0.2]}},
             "priority": 4, "labels": {"order": "17"}}""";
    private static final String SWEEP = """
            {"request": {"type": "prompt-sweep", "bundle": "avatar-128", "sources": [{"seed": 7}],
              "prompts": ["bald", "hairless", "completely bald"], "lambdas": [0.1, 0.5], "threshold": 0.65}}""";

    @TempDir
    private Path folder;

    private OneSlotFleet one;

    @BeforeEach
    void open() {
        one = new OneSlotFleet(kind, folder);
    }

    @AfterEach
    void close() {
        one.close();
    }

    static List<Long> seeds() {
        return IntStream.range(0, 8).mapToObj(Long::valueOf).toList();
    }

    private void doomRate(double rate, ErrorCategory category) {
        one.fate = request -> Optional.of(category).filter(fate -> request instanceof OptimizeRequest optimize
                && optimize.learningRate() == rate);
    }

    @Test
    void aGridRunsToItsEndInASingleSlotAndShowsWhatCameOfIt() {
        one.accept("grid-1", GRID);

        var manifest = one.end("grid-1");

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(manifest.type()).isEqualTo(JobType.GRID);
        assertThat(manifest.labels()).containsEntry("order", "17");
        assertThat(manifest.artifacts()).extracting(artifact -> artifact.name()).containsExactly("cell-0.png",
                "cell-1.png", "cell-2.png", "cell-3.png", "sheet.png", "table.json");
        var table = one.document(manifest, "table.json");
        assertThat(table.at("/rows/1").asText()).isEqualTo("learning rate 0.2");
        assertThat(table.at("/columns/0").asText()).isEqualTo("a smile");
        assertThat(table.at("/cells")).hasSize(4).allSatisfy(cell -> {
            assertThat(cell.at("/losses/loss").asDouble()).isEqualTo(0.5);
            assertThat(cell.path("outcome").asText()).isEqualTo("succeeded");
        });
        assertThat(one.ran).hasSize(5).last().isInstanceOfSatisfying(SheetRequest.class, sheet -> {
            assertThat(sheet.rows()).containsExactly("learning rate 0.1", "learning rate 0.2");
            assertThat(sheet.columns()).containsExactly("a smile", "a beard");
            assertThat(sheet.cells()).hasSize(4);
        });
        assertThat(one.fleet.state("grid-1")).isEqualTo(JobState.SUCCEEDED);
        assertThat(one.fleet.results()).filteredOn(result -> result.run().equals(Samples.run("grid-1"))).hasSize(1);
        assertThat(one.fleet.entry("grid-1").progress().step()).isEqualTo(5);
    }

    @Test
    void partsAreTreatedAsTheCompositeIsAndKnowTheirPlace() {
        one.accept("grid-1", GRID);
        one.ticks(3);

        var parts = one.parts("grid-1");
        assertThat(parts).extracting(part -> part.place().phase() + "." + part.place().index()).containsExactly("1.0",
                "1.1", "1.2", "1.3");
        assertThat(parts).allSatisfy(part -> {
            var stored = one.fleet.ledger.request(part.run().job()).orElseThrow();
            assertThat(stored.partOf().composite()).isEqualTo(Samples.run("grid-1"));
            assertThat(stored.submission().priority()).isEqualTo(4);
            assertThat(stored.submission().labels()).containsEntry("order", "17");
            assertThat(stored.bundle()).isEqualTo("avatar-128@3");
        });
        assertThat(one.fleet.state("grid-1")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aCompositeIsNoDemandForSlots() {
        one.working = false;
        one.accept("grid-1", GRID);
        one.ticks(3);

        var demand = new Demand(Fleet.SETTINGS.tenants(), one.fleet.book, one.fleet.workers, one.fleet.time, () -> true)
                .of("edit");

        assertThat(demand.demand()).as("its four cells").isEqualTo(4);
        assertThat(demand.running()).isZero();
        one.fleet.pass(Duration.ofMinutes(2));
        assertThat(one.fleet.state("grid-1")).as("nobody misses its heartbeats").isEqualTo(JobState.RUNNING);
    }

    @Test
    void aCellThatFailsIsAnAnswerToo() {
        doomRate(0.2, ErrorCategory.DIVERGED);
        one.accept("grid-1", GRID);

        var manifest = one.end("grid-1");

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(manifest.summary().path("succeeded").asInt()).isEqualTo(2);
        var table = one.document(manifest, "table.json");
        assertThat(table.at("/cells/2/reason").asText()).contains("DIVERGED");
        assertThat(((SheetRequest) one.ran.getLast()).cells()).extracting(SheetRequest.Cell::row).containsOnly(0);
    }

    @Test
    void aGridWithoutASingleResultFailsWithTheReason() {
        one.fate = request -> Optional.of(ErrorCategory.DIVERGED);
        one.accept("grid-1", GRID);

        var failure = OneSlotFleet.failure(one.end("grid-1"));

        assertThat(failure.category()).isEqualTo(ErrorCategory.DIVERGED);
        assertThat(failure.message()).contains("None of its 4 cells").contains("Because of DIVERGED");
    }

    @Test
    void aSheetThatCannotBeMadeCostsTheSheetAlone() {
        one.fate = request -> Optional.of(ErrorCategory.INPUT_UNREADABLE).filter(
                fate -> request instanceof SheetRequest);
        one.accept("grid-1", GRID);

        var manifest = one.end("grid-1");

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(manifest.summary().path("sheet_missing").asText()).contains("INPUT_UNREADABLE");
        assertThat(manifest.artifacts()).extracting(artifact -> artifact.name()).contains("table.json").doesNotContain(
                "sheet.png");
    }

    @Test
    void aSweepRaisesTheRegularisationForTheBestOfTheWordingsThatWork() {
        one.loss = request -> switch (request.prompt()) {
            case "bald" -> 0.7;
            case "hairless" -> 0.64;
            default -> 0.6 + 0.2 * request.l2Lambda();
        };
        one.accept("sweep-1", SWEEP);

        var manifest = one.end("sweep-1");

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(one.ran).hasSize(3 + 2 + 1);
        assertThat(one.ran.subList(0, 5)).allSatisfy(request -> {
            var optimize = (OptimizeRequest) request;
            assertThat(optimize.steps()).isEqualTo(300);
            assertThat(optimize.learningRate()).isEqualTo(0.01);
            assertThat(optimize.idLambda()).isEqualTo(optimize.l2Lambda());
        });
        assertThat(one.ran.subList(0, 3)).extracting(request -> ((OptimizeRequest) request).l2Lambda()).containsOnly(
                0.001);
        assertThat(one.ran.subList(3, 5)).extracting(request -> ((OptimizeRequest) request).prompt()).containsOnly(
                "completely bald");
        assertThat(manifest.summary().path("working")).extracting(node -> node.asText()).containsExactly(
                "completely bald", "hairless");
        assertThat(manifest.summary().path("lambda").asDouble()).as("0.5 no longer works").isEqualTo(0.1);
        assertThat(manifest.artifacts()).extracting(artifact -> artifact.name()).containsExactly("after.png",
                "latent.safetensors", "sheet.png", "table.json");
        assertThat(one.document(manifest, "table.json").path("tried")).hasSize(5);
        assertThat(((SheetRequest) one.ran.getLast()).rows()).first().asString().contains("completely bald").contains(
                "0.600");
    }

    @Test
    void aSweepInWhichNothingWorksSaysSo() {
        one.loss = request -> 0.9;
        one.accept("sweep-1", SWEEP);

        var manifest = one.end("sweep-1");

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(manifest.summary().path("working")).isEmpty();
        assertThat(manifest.artifacts()).extracting(artifact -> artifact.name()).containsExactly("sheet.png",
                "table.json");
    }

    @Test
    void aTableOfDirectionsIsMeasuredInShardsAndPutTogether() {
        one.accept("table-1", """
                {"request": {"type": "direction-train", "bundle": "avatar-128", "images": 20, "shards": 3}}""");

        var manifest = one.end("table-1");

        assertThat(manifest.type()).isEqualTo(JobType.DIRECTION_TRAIN);
        assertThat(manifest.artifacts()).extracting(Artifact::name).containsExactly("directions.safetensors");
        assertThat(one.ran).hasSize(3 + 1).allSatisfy(request -> assertThat(((DirectionTrainRequest) request).images())
                .isEqualTo(20));
        assertThat(one.ran.subList(0, 3)).extracting(request -> ((DirectionTrainRequest) request).channels())
                .containsExactlyInAnyOrder(new Channels.Part(0, 3), new Channels.Part(1, 3), new Channels.Part(2, 3));
        assertThat(((DirectionTrainRequest) one.ran.getLast()).merge()).hasSize(3);
        assertThat(one.fleet.book.active()).as("it takes no slot").isEmpty();
    }

    @Test
    void aPartOfASweepThatFailsForGoodFailsItAndEndsTheOthers() {
        one.fate = request -> Optional.of(ErrorCategory.DIVERGED);
        one.accept("sweep-1", SWEEP);

        var failure = OneSlotFleet.failure(one.end("sweep-1"));
        assertThat(failure.message()).contains("bald, lambda 0.001, seed 7").contains("Because of DIVERGED");

        one.ticks(6);
        assertThat(one.parts("sweep-1")).hasSize(3).extracting(Part::state).contains(JobState.CANCELLED).allMatch(
                JobState::terminal);
    }

    @Test
    void aCancelEndsItAndItsParts() {
        one.accept("grid-1", GRID);
        one.ticks(4);
        one.cancel("grid-1");

        assertThat(one.end("grid-1").outcome()).isEqualTo(Outcome.CANCELLED);

        one.ticks(6);
        assertThat(one.parts("grid-1")).hasSize(4).extracting(Part::state).allMatch(JobState::terminal).contains(
                JobState.CANCELLED);
        assertThat(one.fleet.events.published(Message.CancelRequested.class)).extracting(Message.CancelRequested::job)
                .contains(new JobId("grid-1"), one.parts("grid-1").getLast().run().job());
    }

    @Test
    void aDeadlineEndsItAndItsParts() {
        one.accept("grid-1", GRID.replace("\"priority\": 4", "\"deadline\": \"" + Samples.NOON.plusSeconds(4) + "\""));

        assertThat(OneSlotFleet.failure(one.end("grid-1")).category()).isEqualTo(ErrorCategory.TIMEOUT);

        one.ticks(6);
        assertThat(one.parts("grid-1")).extracting(Part::state).allMatch(JobState::terminal);
    }

    @Test
    void aReplayGoesOnWithWhatSucceededAndMakesTheRestAnew() {
        one.accept("sweep-1", SWEEP);
        one.fate = request -> Optional.of(ErrorCategory.DIVERGED).filter(
                fate -> request instanceof OptimizeRequest optimize && optimize.prompt().equals("completely bald"));
        assertThat(one.end("sweep-1").outcome()).isEqualTo(Outcome.FAILED);
        one.ticks(6);
        int before = one.ran.size();
        long left = one.parts("sweep-1").stream().filter(part -> part.state() != JobState.SUCCEEDED).count();
        one.fate = request -> Optional.empty();

        one.fleet.replays().submit(OneSlotFleet.WHO, new ReplayRequest("again-1", List.of(new JobId("sweep-1")), null,
                null, false, 10));
        var manifest = one.end(Samples.run("sweep-1").next());

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(one.ran).as("wordings without a result, two weights, the sheet").hasSize(before + (int) left + 2
                + 1);
        assertThat(left).isBetween(1L, 3L);
    }

    @Test
    void aReplayOfASuccessRunsNothingAgain() {
        one.accept("grid-1", GRID);
        var first = one.end("grid-1");
        int before = one.ran.size();

        one.fleet.replays().submit(OneSlotFleet.WHO, new ReplayRequest("again-1", List.of(new JobId("grid-1")), null,
                null, false, 10));

        assertThat(one.end(Samples.run("grid-1").next()).artifacts()).isEqualTo(first.artifacts());
        assertThat(one.ran).hasSize(before);
    }

    @Test
    void whatSomebodyMakesOfAPartLaterChangesNothing() {
        doomRate(0.2, ErrorCategory.DIVERGED);
        one.accept("grid-1", GRID);
        var manifest = one.end("grid-1");
        var failed = one.parts("grid-1").stream().filter(part -> part.state() == JobState.FAILED).findFirst()
                .orElseThrow().run();
        one.fate = request -> Optional.empty();

        one.fleet.replays().submit(OneSlotFleet.WHO, new ReplayRequest("again-1", List.of(failed.job()), null, null,
                false, 10));

        assertThat(one.end(failed.next()).outcome()).as("nobody takes it for a stray").isEqualTo(Outcome.SUCCEEDED);
        assertThat(one.fleet.ledger.manifest(Samples.run("grid-1"))).contains(manifest);
    }

    @Test
    void aJobCanWaitForACompositeAndReadItsResult() {
        one.accept("sweep-1", SWEEP);
        one.accept("child", """
                {"request": {"type": "generate", "bundle": "avatar-128", "sources": [{"job": "sweep-1"}]}}""");

        assertThat(one.end("child").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(one.fleet.ledger.manifest(Samples.run("sweep-1"))).isPresent();
    }

    /** Whatever only was remembered dies, between any two writes; two dispatchers may be at it at once. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aDispatcherThatDiesBetweenAnyTwoWritesLosesAndDoublesNothing(long seed) {
        var random = new Random(seed);
        one.round = () -> {
            if (random.nextBoolean()) {
                one.fleet.store.setDownAfter(random.nextInt(5));
            } else {
                one.fleet.events.setDownAfter(random.nextInt(8));
            }
            one.fleet.step();
            one.fleet.store.setDownAfter(Integer.MAX_VALUE);
            one.fleet.events.setDownAfter(Integer.MAX_VALUE);
            one.fleet.restart();
        };
        doomRate(0.2, ErrorCategory.DIVERGED);
        one.loss = request -> request.prompt().equals("hairless") ? 0.6 : 0.7;
        one.accept("grid-1", GRID);
        one.accept("sweep-1", SWEEP);

        var grid = one.end("grid-1");
        var sweep = one.end("sweep-1");

        assertThat(List.of(grid, sweep)).extracting(Manifest::outcome).containsOnly(Outcome.SUCCEEDED);
        assertThat(sweep.summary().path("prompt").asText()).isEqualTo("hairless");
        assertThat(one.ran).as("4 cells, 3 wordings, 2 weights, 2 sheets").hasSize(4 + 3 + 2 + 2);
        assertThat(new HashSet<>(one.ran)).hasSameSizeAs(one.ran);
        one.round = one.fleet::step;
        one.ticks(30);
        assertThat(one.fleet.results()).extracting(Manifest::run).contains(Samples.run("grid-1"), Samples.run(
                "sweep-1"));
        assertThat(one.fleet.events.published()).filteredOn(published -> published.topic().equals(Topics.REQUESTS))
                .extracting(published -> RunId.first(new JobId(published.message().key()))).allSatisfy(
                        run -> assertThat(one.fleet.ledger.manifest(run)).isPresent());
    }
}
