package org.atelier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.atelier.common.event.Message.AttemptFailed;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.Fate;
import org.atelier.worker.job.world.Fate.Event;
import org.atelier.worker.job.world.Fleet;
import org.atelier.worker.job.world.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Something happens at every single call that a worker makes to store, broker or publisher, one after the other; then a
 * healthy worker and a dispatcher go on. Whatever it was, the run ends once, with the result of an undisturbed run, and
 * upstream hears of it. The crash points C5 to C12 and C14 lie among the calls.
 */
class CrashPointsTest {
    /** A run makes more calls than this: fewer would mean that the worker was never really disturbed. */
    private static final int CALLS = 40;
    private static final int STEPS = Fleet.REQUEST.steps();

    @TempDir
    private Path scratch;

    /** One run with one thing that happens to the worker that begins it. */
    private final class Trial {
        private final Fleet fleet;
        private final ChainRunner unluckyRunner = new ChainRunner();
        private final ChainRunner healthyRunner = new ChainRunner();
        private final Node unlucky;
        private final Node healthy;
        private final Fate fate;
        private int stepsBefore;

        Trial(Fleet fleet, Fate fate) {
            this.fleet = fleet;
            this.fate = fate;
            this.unlucky = new Node(fleet, "unlucky", unluckyRunner, fate);
            this.healthy = new Node(fleet, "healthy", healthyRunner, Fate.none());
            unluckyRunner.onStep(step -> unlucky.step());
            healthyRunner.onStep(step -> healthy.step());
        }

        /** @return whether the thing happened; if not, the run has fewer calls */
        boolean run() {
            fleet.feed();
            unlucky.turnUntilQuiet();
            fleet.settle(healthy);
            assertThat(fleet).as(fate.toString()).satisfies(Fleet::checkInvariants);
            assertThat(fleet.group().allAccepted()).as("records are accepted, %s", fate).isTrue();
            return fate.struck();
        }

        int stepsDone() {
            return unluckyRunner.stepsDone() + healthyRunner.stepsDone();
        }
    }

    private Trial trial(Fate fate) {
        return new Trial(new Fleet(scratch), fate);
    }

    /** Runs trials with an intervention before each call of the unlucky worker, until there are no more calls. */
    private void atEveryCall(Consumer<Trial> intervention, BiConsumer<Trial, Integer> check) {
        int call = 1;
        for (boolean struck = true; struck; call++) {
            var trial = new Trial[1];
            trial[0] = trial(Fate.intervene(call, () -> intervention.accept(trial[0])));
            struck = trial[0].run();
            if (struck) {
                check.accept(trial[0], call);
            }
        }
        assertThat(call).isGreaterThan(CALLS);
    }

    @ParameterizedTest
    @EnumSource(value = Event.class, names = "INTERVENES", mode = EnumSource.Mode.EXCLUDE)
    void theRunSucceedsWhateverFailsOrDiesAtAnyCall(Event event) {
        int call = 1;
        for (boolean struck = true; struck; call++) {
            var trial = trial(Fate.at(call, event));
            struck = trial.run();
            assertThat(trial.fleet.manifest().outcome()).as(trial.fate.toString()).isEqualTo(Outcome.SUCCEEDED);
        }
        assertThat(call).isGreaterThan(CALLS);
    }

    @Test
    void aDeadWorkersWorkIsRedoneFromItsLastCheckpointAtMost() {
        // A checkpoint is written after every second step.
        for (int call = 1; trial(Fate.at(call, Event.DIES_AFTER)).run(); call++) {
            var trial = trial(Fate.at(call, Event.DIES_AFTER));
            trial.run();
            assertThat(trial.stepsDone()).as(trial.fate.toString()).isLessThanOrEqualTo(STEPS + 2);
        }
    }

    @Test
    void aCancelAtAnyMomentEndsTheRunAsCancelledOrComesTooLate() {
        atEveryCall(trial -> trial.fleet.cancel(), (trial, call) -> {
            assertThat(trial.fleet.manifest().outcome()).as(trial.fate.toString()).isIn(Outcome.CANCELLED,
                    Outcome.SUCCEEDED);
            if (trial.unluckyRunner.stepsDone() < STEPS) {
                assertThat(trial.fleet.manifest().outcome()).as(trial.fate.toString()).isEqualTo(Outcome.CANCELLED);
            }
        });
    }

    @Test
    void aDrainAtAnyMomentLosesNoStepAndLeavesNothingBehind() {
        atEveryCall(trial -> {
            trial.unlucky.slot().drain();
            trial.unlucky.running().drain();
        }, (trial, call) -> {
            assertThat(trial.fleet.manifest().outcome()).as(trial.fate.toString()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(trial.stepsDone()).as(trial.fate.toString()).isEqualTo(STEPS);
            assertThat(trial.fleet.events().published(AttemptFailed.class)).as(trial.fate.toString())
                    .allSatisfy(failed -> assertThat(failed.failure().category().toString()).isEqualTo("PREEMPTED"));
        });
    }

    @Test
    void aWorkerThatIsFrozenWhileAnotherFinishesAddsNothing() {
        atEveryCall(trial -> {
            // What the frozen worker holds is free again, and the reaper has started the next attempt.
            trial.fleet.group().endLocks();
            trial.fleet.feed();
            trial.stepsBefore = trial.unluckyRunner.stepsDone();
            trial.healthy.turnUntilQuiet();
        }, (trial, call) -> {
            assertThat(trial.unluckyRunner.started()).as(trial.fate.toString()).isLessThanOrEqualTo(1);
            assertThat(trial.unluckyRunner.stepsDone() - trial.stepsBefore).as(trial.fate.toString())
                    .isLessThanOrEqualTo(1);
        });
    }

    @Test
    void aConnectionLostAtAnyMomentChangesNothing() {
        atEveryCall(trial -> {
            trial.fleet.group().setDown(true);
            trial.fleet.group().setDown(false);
        }, (trial, call) -> {
            assertThat(trial.fleet.manifest().attempt()).as(trial.fate.toString()).isEqualTo(1);
            assertThat(trial.stepsDone()).as(trial.fate.toString()).isEqualTo(STEPS);
        });
    }

    /** A checker that never fails proves nothing: on a store that lets everybody win, it must find the second result. */
    @Test
    void theCheckFindsWhatAStoreWithoutConditionsDoes() {
        var unfit = new MemoryObjectStore() {
            @Override
            public boolean createIfAbsent(String key, byte[] body, String mediaType) {
                put(key, body, mediaType);
                return true;
            }
        };
        assertThatThrownBy(() -> {
            for (int call = 1; call < CALLS * 2; call++) {
                var trial = new Trial[1];
                var fate = Fate.intervene(call, () -> {
                    trial[0].fleet.feed();
                    trial[0].healthy.turnUntilQuiet();
                });
                trial[0] = new Trial(new Fleet(scratch, unfit), fate);
                trial[0].run();
                unfit.keys().forEach(unfit::delete);
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("upstream was told");
    }
}
