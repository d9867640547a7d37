package org.atelier.worker.job.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.event.Message.AttemptFailed;
import org.atelier.common.event.Message.AttemptProgressed;
import org.atelier.common.event.Message.AttemptStarted;
import org.atelier.common.event.Message.RunEnded;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Checkpoint;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Erased;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.metrics.Meter;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.JobRunner;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.Fate;
import org.atelier.worker.job.world.Fleet;
import org.atelier.worker.job.world.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between a claim and its end. */
class AttemptTest {
    private static final int STEPS = Fleet.REQUEST.steps();

    @TempDir
    private Path scratch;

    private Fleet fleet;

    /** A request of one's own kind of work. */
    private interface Work {
        JobResult run(JobContext context) throws Exception;
    }

    private record FreeRunner(Work work) implements JobRunner<OptimizeRequest> {
        @Override
        public Class<OptimizeRequest> requestType() {
            return OptimizeRequest.class;
        }

        @Override
        public boolean usesGradients() {
            return false;
        }

        @Override
        public JobResult run(OptimizeRequest request, JobContext context) throws Exception {
            return work.run(context);
        }
    }

    @BeforeEach
    void make() {
        fleet = new Fleet(scratch);
    }

    private Node node(ChainRunner runner, IntConsumer onStep) {
        var self = new Node[1];
        self[0] = new Node(fleet, "worker", runner.onStep(step -> {
            onStep.accept(step);
            self[0].step();
        }));
        return self[0];
    }

    private Node run(Work work) {
        var node = new Node(fleet, "worker", Runners.of(List.of(new FreeRunner(work))), Fate.none());
        fleet.feed();
        node.turnUntilQuiet();
        return node;
    }

    private AttemptFailed failure() {
        assertThat(fleet.events().published(AttemptFailed.class)).hasSize(1);
        return fleet.events().published(AttemptFailed.class).getFirst();
    }

    @Test
    void aManifestSaysEverythingAboutASuccess() {
        var node = node(new ChainRunner(), step -> {});
        fleet.feed();
        node.turnUntilQuiet();

        var manifest = fleet.manifest();
        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(manifest.run()).isEqualTo(Fleet.RUN);
        assertThat(manifest.tenant()).isEqualTo("tenant");
        assertThat(manifest.bundle()).isEqualTo("faces@1");
        assertThat(manifest.attempt()).isEqualTo(1);
        assertThat(manifest.labels()).isEqualTo(Map.of("for", "test"));
        assertThat(manifest.artifacts()).extracting(Artifact::name).containsExactly(ChainRunner.RESULT);
        assertThat(manifest.summary()).isEqualTo(Json.tree(Map.of("steps", STEPS)));
        assertThat(manifest.failure()).isNull();
        assertThat(manifest.seconds()).isEqualTo(Map.of("run", (double) STEPS));
        assertThat(manifest.environment()).isEqualTo(Map.of("engine", "none"));
        assertThat(manifest.endedAt()).isEqualTo(fleet.clock().instant());
    }

    @Test
    void theEventsOfARunComeInOrderAndTheResultOnBothTopics() {
        var node = node(new ChainRunner(), step -> {});
        fleet.feed();
        node.turnUntilQuiet();

        var messages = fleet.events().published();
        assertThat(messages.getFirst().message()).isInstanceOf(AttemptProgressed.class);
        assertThat(messages.get(1).message()).isEqualTo(new AttemptStarted(Fleet.FIRST, "worker", "host-of-worker", 0,
                "worker"));
        var progress = fleet.events().published(AttemptProgressed.class);
        assertThat(progress).extracting(AttemptProgressed::sequence)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, STEPS + 2).mapToObj(Long::valueOf).toList());
        // The heart of the test beats before the step is reported; the last step is told when it is done.
        assertThat(progress.get(STEPS).progress().step()).isEqualTo(STEPS - 1);
        assertThat(progress.getLast().progress().step()).isEqualTo(STEPS);
        assertThat(progress.getLast().progress().steps()).isEqualTo(STEPS);
        assertThat(progress.getLast().progress().losses()).containsOnlyKeys("loss");
        assertThat(progress.get(STEPS).progress().etaSeconds()).isEqualTo(1.0);
        assertThat(progress.getLast().progress().etaSeconds()).isZero();
        assertThat(progress.getLast().progress().previews()).extracting(Artifact::name)
                .containsExactly("preview-2.txt", "preview-4.txt", "preview-6.txt");
        assertThat(messages.subList(messages.size() - 2, messages.size()))
                .extracting(published -> published.topic())
                .containsExactly(Topics.RESULTS, Topics.EVENTS);
        assertThat(messages.getLast().message()).isEqualTo(new RunEnded(fleet.manifest()));
        assertThat(fleet.ledger().lease(Fleet.FIRST)).get().extracting(lease -> lease.sequence()).isEqualTo(STEPS + 1L);
    }

    @Test
    void aKnownFailureIsToldWithItsCategoryAndTheRunGoesOn() {
        run(context -> {
            context.heartbeat(3, 9, Map.of());
            throw new JobException(ErrorCategory.DIVERGED, "the loss is NaN at step 3");
        });

        assertThat(fleet.events().published(AttemptProgressed.class).getLast().progress().step()).isEqualTo(3);

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.DIVERGED);
        assertThat(failure().failure().retryable()).isFalse();
        assertThat(failure().attempt()).isEqualTo(Fleet.FIRST);
        assertThat(failure().worker()).isEqualTo("worker");
        assertThat(fleet.ledger().manifest(Fleet.RUN)).isEmpty();
        assertThat(fleet.group().allAccepted()).isTrue();
    }

    @Test
    void anUnknownFailureIsInternal() {
        run(context -> {
            throw new IllegalStateException("a defect");
        });

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.INTERNAL);
        assertThat(failure().failure().detail()).contains("a defect", "AttemptTest");
    }

    @Test
    void runningOutOfHeapIsSurvivedAndTold() {
        run(context -> {
            throw new OutOfMemoryError("Java heap space");
        });

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.OUT_OF_MEMORY);
        assertThat(failure().failure().message()).contains("heap");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "CUDA out of memory. Tried to allocate 2.00 GiB",
            "[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."})
    void theDevicesOutOfMemoryIsToldFromADefect(String message) {
        run(context -> {
            throw new IllegalStateException("the step failed", new IllegalStateException(message));
        });

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.OUT_OF_MEMORY);
        assertThat(failure().failure().message()).contains("device");
    }

    @Test
    void anEndlessMessageIsCutSoThatTheEventCanBeSent() {
        run(context -> {
            throw new JobException(ErrorCategory.INTERNAL, "x".repeat(100_000));
        });

        assertThat(failure().failure().message()).hasSize(Failures.MAX_MESSAGE);
    }

    @Test
    void aResultThatNoEventCanCarryIsRefusedBeforeItIsCommitted() {
        run(context -> new JobResult(IntStream.range(0, 500)
                .mapToObj(n -> new Artifact("picture-" + n + ".png", Digest.of(new byte[]{1}), 1, Artifact.PNG))
                .toList(), Json.tree(Map.of())));

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(failure().failure().message()).contains("500 artifacts", "ask for less");
        assertThat(fleet.ledger().manifest(Fleet.RUN)).isEmpty();
    }

    @Test
    void aResultWhoseBytesWereErasedWithAnotherJobIsMadeAgain() {
        run(context -> {
            var picture = context.store("after.png", new byte[]{1, 2}, Artifact.PNG);
            fleet.store().delete(StoreKeys.blob(picture.digest()));
            return new JobResult(List.of(picture), Json.tree(Map.of()));
        });

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.STORAGE_UNAVAILABLE);
        assertThat(failure().failure().message()).contains("after.png", "made again");
        assertThat(fleet.ledger().manifest(Fleet.RUN)).isEmpty();
    }

    @Test
    void aJobThatWasErasedMeanwhileLeavesNothing() {
        run(context -> {
            fleet.ledger().erase(new Erased(Fleet.RUN.job(), "tenant", "erasure-1", fleet.clock().instant()));
            return new JobResult(List.of(), Json.tree(Map.of()));
        });

        assertThat(fleet.ledger().manifest(Fleet.RUN)).isEmpty();
        assertThat(fleet.results()).isEmpty();
        assertThat(fleet.events().published(AttemptFailed.class)).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftOfAJobIsFoundByItsName(@TempDir Path folder) throws IOException {
        var job = new JobId("job-1");
        var left = Files.createDirectory(folder.resolve("atelier-attempt-of-job-1-1234"));
        Files.write(left.resolve("file-0"), new byte[]{1});
        var others = List.of("atelier-attempt-of-job-1-2-1234", "job-1-1234", "atelier-attempt-of-job-12-1");
        for (var other : others) {
            Files.createDirectory(folder.resolve(other));
        }

        Scratch.forget(folder, job);

        try (var names = Files.list(folder)) {
            assertThat(names.map(path -> path.getFileName().toString())).containsExactlyInAnyOrderElementsOf(others);
        }
    }

    @Test
    void kafkaAwayAloneDoesNotStopAJob() {
        var node = node(new ChainRunner(), step -> fleet.events().setDown(step < STEPS));
        fleet.feed();
        node.turnUntilQuiet();

        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(node.count(Meter.WORKER_EVENTS_LOST)).isPositive();
        assertThat(fleet.results()).hasSize(1);
    }

    @Test
    void aResultThatCannotBeToldComesAgainAndIsToldThen() {
        var runner = new ChainRunner();
        var node = node(runner, step -> fleet.events().setDown(true));
        fleet.feed();
        node.slot().turn();
        node.slot().turn();
        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(fleet.results()).isEmpty();
        assertThat(fleet.group().waiting()).isEqualTo(1);

        fleet.events().setDown(false);
        node.turnUntilQuiet();
        assertThat(fleet.results()).containsExactly(fleet.manifest());
        assertThat(runner.started()).isEqualTo(1);
    }

    @Test
    void aStoreThatIsAwayForThreeBeatsEndsTheAttemptWithNothingCommitted() {
        var runner = new ChainRunner();
        var node = node(runner, step -> fleet.store().setDown(step >= 2));
        fleet.feed();
        node.slot().turn();
        node.slot().turn();

        assertThat(runner.stepsDone()).isEqualTo(4);
        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.STORAGE_UNAVAILABLE);
        fleet.store().setDown(false);
        assertThat(fleet.ledger().manifest(Fleet.RUN)).isEmpty();
    }

    @Test
    void aStoreThatIsAwayForTwoBeatsChangesNothing() {
        var node = node(new ChainRunner(), step -> fleet.store().setDown(step == 2 || step == 3));
        fleet.feed();
        node.turnUntilQuiet();

        assertThat(fleet).satisfies(Fleet::checkInvariants);
        assertThat(node.count(Meter.WORKER_LEASE_FAILURES)).isEqualTo(2);
    }

    @Test
    void aBroadcastCancelStopsAtTheNextStep() {
        var runner = new ChainRunner();
        var node = new Node[1];
        node[0] = node(runner, step -> {
            if (step == 2) {
                node[0].running().cancel(Fleet.RUN, "somebody");
            }
        });
        fleet.feed();
        node[0].turnUntilQuiet();

        assertThat(runner.stepsDone()).isEqualTo(2);
        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(fleet.manifest().artifacts()).isEmpty();
        assertThat(fleet.manifest().failure()).isNull();
        assertThat(fleet.manifest().freedAfterMs()).as("the step that ran took its second").isEqualTo(1_000);
        assertThat(fleet.results()).containsExactly(fleet.manifest());
    }

    @Test
    void aCancelThatIsThereBeforeTheClaimEndsTheRunUnstarted() {
        fleet.cancel();
        var runner = new ChainRunner();
        fleet.feed();
        node(runner, step -> {}).turnUntilQuiet();

        assertThat(runner.started()).isZero();
        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(fleet.events().published(AttemptStarted.class)).isEmpty();
    }

    @Test
    void aRunnerThatSwallowsTheStopStillCannotSucceed() {
        run(context -> {
            fleet.cancel();
            return new JobResult(List.of(), Json.tree(Map.of()));
        });

        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void aRunnerThatWrapsTheStopIsUnderstood() {
        var node = new Node[1];
        node[0] = new Node(fleet, "worker", Runners.of(List.of(new FreeRunner(context -> {
            node[0].running().drain();
            try {
                context.heartbeat(1, 2, Map.of());
                throw new AssertionError("no stop");
            } catch (RuntimeException e) {
                throw new IllegalStateException("wrapped", e);
            }
        }))), Fate.none());
        fleet.feed();
        node[0].turnUntilQuiet();

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.PREEMPTED);
    }

    @Test
    void aResultThatIsReadyWhenTheWorkerLeavesIsHandedIn() {
        var node = new Node[1];
        node[0] = new Node(fleet, "worker", Runners.of(List.of(new FreeRunner(context -> {
            node[0].running().drain();
            return new JobResult(List.of(), Json.tree(Map.of()));
        }))), Fate.none());
        fleet.feed();
        node[0].turnUntilQuiet();

        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void theZombieFindsItsSuccessorAndDiscardsItsWork() {
        var runner = new ChainRunner();
        var node = node(runner, step -> {
            if (step == 3) {
                fleet.ledger().claim(new Claim(Fleet.FIRST.next(), "another", "another", "host", fleet.clock()
                        .instant()));
            }
        });
        fleet.feed();
        node.turnUntilQuiet();

        assertThat(runner.stepsDone()).isEqualTo(3);
        assertThat(fleet.ledger().manifest(Fleet.RUN)).isEmpty();
        assertThat(fleet.events().published(AttemptFailed.class)).isEmpty();
        assertThat(node.count(Meter.WORKER_WASTED_SECONDS)).isEqualTo(3);
        assertThat(fleet.group().allAccepted()).isTrue();
    }

    @Test
    void anAttemptGoesOnFromTheNewestCheckpointAndGivesTheSameBytes() {
        var first = new ChainRunner();
        var preempted = new Node[1];
        preempted[0] = node(first, step -> {
            if (step == 4) {
                preempted[0].running().drain();
            }
        });
        fleet.feed();
        preempted[0].turnUntilQuiet();
        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.PREEMPTED);
        assertThat(fleet.ledger().checkpointBefore(Fleet.FIRST.next())).get().extracting(Checkpoint::step).isEqualTo(4);

        var second = new ChainRunner();
        fleet.feed();
        node(second, step -> {}).turnUntilQuiet();

        assertThat(fleet.events().published(AttemptStarted.class)).extracting(AttemptStarted::resumedFrom)
                .containsExactly(0, 4);
        assertThat(second.stepsDone()).isEqualTo(STEPS - 4);
        assertThat(fleet.manifest().attempt()).isEqualTo(2);
        assertThat(fleet).satisfies(Fleet::checkInvariants);
    }

    @Test
    void aDamagedCheckpointIsPassedOverForTheOneBefore() {
        checkpoint(1, 2);
        var damaged = checkpoint(2, 4);
        fleet.store().put(StoreKeys.blob(damaged.state().digest()), new byte[]{0}, "application/octet-stream");
        var gone = checkpoint(3, 5);
        fleet.store().delete(StoreKeys.blob(gone.state().digest()));

        var runner = new ChainRunner();
        fleet.feed();
        fleet.feed();
        fleet.feed();
        fleet.feed();
        for (int attempt = 1; attempt <= 3; attempt++) {
            fleet.ledger().claim(new Claim(new AttemptId(Fleet.RUN, attempt), "dead", "dead", "host", fleet.clock()
                    .instant()));
        }
        node(runner, step -> {}).turnUntilQuiet();

        assertThat(fleet.events().published(AttemptStarted.class)).singleElement()
                .isEqualTo(new AttemptStarted(new AttemptId(Fleet.RUN, 4), "worker", "host-of-worker", 2, "worker"));
        assertThat(fleet).satisfies(Fleet::checkInvariants);
    }

    /** Leaves the checkpoint of an attempt that has done so many steps. */
    private Checkpoint checkpoint(int attempt, int step) {
        var state = ChainRunner.stateAfter(Fleet.REQUEST, step);
        var blob = new BlobStore(fleet.store()).put("checkpoint", state,
                "application/octet-stream");
        var checkpoint = new Checkpoint(new AttemptId(Fleet.RUN, attempt), step, blob);
        fleet.ledger().save(checkpoint);
        return checkpoint;
    }

    @Test
    void checkpointsComeAtTheirIntervalAndNoneTwiceForAStep() {
        // The interval is two seconds, and a step takes one.
        var node = node(new ChainRunner(), step -> {});
        fleet.feed();
        node.turnUntilQuiet();

        assertThat(node.count(Meter.WORKER_CHECKPOINTS)).isEqualTo(3);
        assertThat(fleet.ledger().checkpointBefore(Fleet.FIRST.next())).get().extracting(Checkpoint::step).isEqualTo(6);
    }

    @Test
    void aRunnerMayWriteACheckpointOfItsOwnAccord() {
        var node = run(context -> {
            context.checkpoint(7, file -> Files.writeString(file, "dear"));
            context.checkpoint(7, file -> Files.writeString(file, "the same step again"));
            return new JobResult(List.of(), Json.tree(Map.of()));
        });

        assertThat(node.count(Meter.WORKER_CHECKPOINTS)).isEqualTo(1);
        assertThat(fleet.ledger().checkpointBefore(Fleet.FIRST.next())).get().satisfies(checkpoint -> {
            assertThat(checkpoint.step()).isEqualTo(7);
            assertThat(fleet.store().get(StoreKeys.blob(checkpoint.state().digest()))).get()
                    .isEqualTo("dear".getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void aDiskThatTakesNoCheckpointIsNoReasonToStop() {
        var node = run(context -> {
            context.checkpoint(1, file -> {
                throw new IOException("No space left on device");
            });
            return new JobResult(List.of(), Json.tree(Map.of()));
        });

        assertThat(fleet.manifest().outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(node.count(Meter.WORKER_CHECKPOINTS)).isZero();
    }

    @Test
    void filesAreStoredAndBlobsAreRead() {
        var given = Digest.of(new byte[]{1, 2, 3});
        fleet.store().put(StoreKeys.blob(given), new byte[]{1, 2, 3}, "application/octet-stream");
        run(context -> {
            var file = Files.write(scratch.resolve("result"), context.read(given));
            return new JobResult(List.of(context.store("copy", file, "application/octet-stream")), Json.tree(Map.of()));
        });

        assertThat(fleet.manifest().artifacts()).containsExactly(
                new Artifact("copy", given, 3, "application/octet-stream"));
    }

    @Test
    void anInputThatIsNotThereIsNotAskedForTwice() {
        var before = fleet.timing().nanos();
        run(context -> {
            context.read(Digest.of(new byte[]{9}));
            throw new AssertionError("it is not there");
        });

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE);
        assertThat(fleet.timing().since(before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void onlyTheNewestPreviewsTravel() {
        var node = new Node[1];
        node[0] = new Node(fleet, "worker", Runners.of(List.of(new FreeRunner(context -> {
            for (int n = 1; n <= 40; n++) {
                context.preview("p" + n, new byte[]{(byte) n}, Artifact.PNG);
            }
            context.heartbeat(1, 1, Map.of());
            node[0].step();
            return new JobResult(List.of(), Json.tree(Map.of()));
        }))), Fate.none());
        fleet.feed();
        node[0].turnUntilQuiet();

        assertThat(fleet.events().published(AttemptProgressed.class).getLast().progress().previews())
                .hasSize(AttemptContext.MAX_PREVIEWS)
                .last().extracting(Artifact::name).isEqualTo("p40");
    }

    @Test
    void nothingIsLeftInTheScratchFolder() throws Exception {
        var node = node(new ChainRunner(), step -> {});
        fleet.feed();
        node.turnUntilQuiet();

        try (var left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anUnknownBundleIsToldAsSuch() {
        run(context -> {
            context.bundle();
            throw new AssertionError("there is none");
        });

        assertThat(failure().failure().category()).isEqualTo(ErrorCategory.MODEL_NOT_FOUND);
        assertThat(failure().failure().message()).contains("faces@1");
    }
}
