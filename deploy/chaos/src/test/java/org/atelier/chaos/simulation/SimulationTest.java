package org.atelier.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.chaos.history.Checker;
import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.chaos.history.Report;
import org.atelier.chaos.history.ReportText;
import org.atelier.chaos.simulation.World.Laws;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.worker.job.world.ChainRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fleets under the faults that their seeds choose: whatever happens, every job that was accepted ends once, with the result
 * of an undisturbed run, and everybody is told the same.
 *
 * <p>{@code -Datelier.seeds=N} runs more of them, {@code -Datelier.seed=S} runs one again, {@code -Datelier.log=INFO} tells
 * what its processes have to say.
 */
class SimulationTest {
    private static final int SEEDS = 100;
    /** Seeds that once failed, with what they found. */
    private static final List<Long> KEPT = List.of();

    @TempDir
    private Path scratch;

    private static LongStream seeds() {
        var one = Long.getLong("atelier.seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.concat(KEPT.stream().mapToLong(Long::longValue), LongStream.range(0, Integer.getInteger(
                        "atelier.seeds", SEEDS)));
    }

    /** Each seed is a world of its own, so several are played at once. */
    @Test
    void everyAcceptedJobEndsOnceWhateverHappens() throws InterruptedException, ExecutionException {
        var all = new History();
        var waiting = new ConcurrentLinkedQueue<>(seeds().boxed().toList());
        long began = System.nanoTime();
        try (var players = Executors.newCachedThreadPool()) {
            var played = new ExecutorCompletionService<Void>(players);
            int count = Runtime.getRuntime().availableProcessors();
            for (int player = 0; player < count; player++) {
                var folder = scratch.resolve("player-" + player);
                played.submit(() -> play(waiting, folder, all));
            }
            for (int player = 0; player < count; player++) {
                played.take().get();
            }
        }
        System.out.printf("%d seeds in %.1f s%n%s%n", seeds().count(), (System.nanoTime() - began) / 1e9, ReportText.of(
                Checker.check(all)));
    }

    private static Void play(Queue<Long> waiting, Path folder, History all) throws IOException, InterruptedException,
            SQLException {
        try (var runner = new SeedRunner(Files.createDirectory(folder))) {
            for (var seed = waiting.poll(); seed != null; seed = waiting.poll()) {
                var outcome = runner.run(seed, Laws.ALL);
                check(seed, outcome);
                synchronized (all) {
                    outcome.history().facts().forEach(all::add);
                }
            }
            return null;
        } catch (AssertionError | RuntimeException e) {
            waiting.clear();
            throw e;
        }
    }

    @Test
    void aSeedTellsTheSameStoryEveryTime() throws IOException, InterruptedException, SQLException {
        try (var runner = new SeedRunner(scratch)) {
            for (long seed = 0; seed < 3; seed++) {
                var once = runner.run(seed, Laws.ALL).history();
                assertThat(told(runner.run(seed, Laws.ALL).history())).isEqualTo(told(once));
            }
        }
    }

    /** The facts without the tokens of dispatchers, which are random. */
    private static List<String> told(History history) {
        return history.facts().stream().map(fact -> fact.toString().replaceAll("token=.*", "")).toList();
    }

    private static void check(long seed, World.Outcome outcome) {
        var report = Checker.check(outcome.history());
        assertThat(outcome.settled()).as(() -> "ended\n" + story(seed, outcome, report)).isTrue();
        assertThat(report.violations()).as(() -> story(seed, outcome, report)).isEmpty();
        outcome.jobs().forEach((run, body) -> outcome.ledger().manifest(run).ifPresent(manifest -> {
            assertThat(isRight(manifest, body, outcome.history())).as(() -> manifest + " is right\n" + story(seed,
                    outcome, report)).isTrue();
            assertThat(outcome.index().find(run.job()).orElseThrow().manifest()).as(() -> "what is told of " + run
                    + "\n" + story(seed, outcome, report)).isEqualTo(manifest);
        }));
    }

    private static boolean isRight(Manifest manifest, JsonNode body, History history) {
        return switch (manifest.outcome()) {
            case SUCCEEDED -> manifest.artifacts().stream().map(Artifact::digest).toList().equals(List.of(ChainRunner
                    .expected(Json.read(body.get("request"), OptimizeRequest.class))));
            case CANCELLED -> history.facts().stream().anyMatch(fact -> fact instanceof Fact.CancelAsked asked && asked
                    .run().equals(manifest.run()));
            case FAILED -> history.facts().stream().anyMatch(Fact.FaultInjected.class::isInstance);
        };
    }

    private static String story(long seed, World.Outcome outcome, Report report) {
        return "seed " + seed + ", alone with -Datelier.seed=" + seed + ": " + outcome.faults().active() + "\n"
                + outcome.history().facts().stream().map(Fact::toString).collect(Collectors.joining("\n")) + "\n"
                + ReportText.of(report);
    }
}
