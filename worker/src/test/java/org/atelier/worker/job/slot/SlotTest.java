package org.atelier.worker.job.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.event.Message.RunQueued;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.metrics.Meter;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.worker.job.attempt.Attempt;
import org.atelier.worker.job.attempt.Attempts;
import org.atelier.worker.job.attempt.DeviceLock;
import org.atelier.worker.job.attempt.RunningAttempts;
import org.atelier.worker.job.attempt.Settlement;
import org.atelier.worker.job.attempt.Stores;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.bundle.BundleCache;
import org.atelier.worker.job.bundle.BundleCards;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.runner.StopReason;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.FakeShareGroup;
import org.atelier.worker.job.world.Fleet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slot whose attempts go on until the test ends them. */
class SlotTest {
    private static final Duration RENEW = Duration.ofSeconds(10);

    /** Starts nothing: the attempt runs until the test says that it has ended. */
    private final class HeldLauncher implements AttemptLauncher {
        private final List<Attempt> launched = new ArrayList<>();
        private Settlement settlement;

        @Override
        public Running launch(Attempt attempt) {
            launched.add(attempt);
            settlement = null;
            return new Running() {
                @Override
                public boolean await(Duration atMost) {
                    if (settlement == null && atMost.isPositive()) {
                        waits.add(atMost);
                        fleet.timing().advance(atMost);
                    }
                    return settlement != null;
                }

                @Override
                public Settlement settlement() {
                    return settlement;
                }
            };
        }
    }

    @TempDir
    private Path scratch;

    private Fleet fleet;
    private int tokens;
    private Slot slot;
    private final HeldLauncher launcher = new HeldLauncher();
    private final List<Duration> waits = new ArrayList<>();
    private final RunningAttempts running = new RunningAttempts(() -> {});
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void make() {
        fleet = new Fleet(scratch);
        slot = slot(fleet.group());
    }

    private Slot slot(FakeShareGroup group) {
        var metrics = new WorkerMetrics(registry);
        var identity = new WorkerIdentity("worker", "host", Map.of());
        var runners = Runners.of(List.of(new ChainRunner()));
        var stores = new Stores(fleet.ledger(), fleet.ledger(), new BlobStore(fleet.store()),
                new BundleCache(fleet.store(), scratch));
        var attempts = new Attempts(identity, runners, stores, fleet.events(), Runnable::run, new DeviceLock(),
                fleet.timing(), fleet.clock(), Duration.ofSeconds(30), scratch, metrics);
        var admission = new Admission(identity, runners, new BundleCards(new BundleCatalog(fleet.store())),
                new JobLedger(fleet.store()), fleet.events(), attempts,
                () -> "token-" + tokens++, fleet.clock());
        return new Slot("slot", group, new StoreGate(fleet.store()), admission, launcher, running,
                fleet.timing(), RENEW, metrics);
    }

    private double count(Meter meter) {
        return registry.find(meter.meterName()).counters().stream().mapToDouble(counter -> counter.count()).sum();
    }

    private void turn(int times) {
        for (int turn = 0; turn < times; turn++) {
            assertThat(slot.turn()).isTrue();
        }
    }

    @Test
    void waitsForWorkWithOneOpenConsumer() {
        turn(3);

        assertThat(slot.condition()).isEqualTo(Slot.Condition.WAITING);
        assertThat(fleet.group().opened()).isEqualTo(1);
    }

    @Test
    void holdsTheRecordOfALongJobForAsLongAsItRuns() {
        fleet.feed();
        turn(1);
        assertThat(slot.condition()).isEqualTo(Slot.Condition.BUSY);
        assertThat(running.list()).containsExactly(Fleet.FIRST);

        turn(20);

        assertThat(waits).hasSize(20).containsOnly(RENEW);
        assertThat(fleet.group().waiting()).isZero();
        assertThat(fleet.group().deliveries(0)).isEqualTo(1);
        assertThat(fleet.group().opened()).isEqualTo(1);

        launcher.settlement = Settlement.TOLD;
        turn(1);
        assertThat(fleet.group().allAccepted()).isTrue();
        assertThat(running.list()).isEmpty();
        assertThat(slot.condition()).isEqualTo(Slot.Condition.WAITING);
    }

    @Test
    void aShortLockIsRenewedMoreOften() {
        var shortLock = new FakeShareGroup(fleet.timing(), Duration.ofSeconds(6));
        slot = slot(shortLock);
        shortLock.append(Fleet.arrived(Fleet.ready(Fleet.FIRST)));
        turn(10);

        assertThat(waits).hasSize(9).containsOnly(Duration.ofSeconds(2));
        assertThat(shortLock.held()).isEqualTo(1);
    }

    @Test
    void takesNoOtherWorkWhileItRunsOne() {
        fleet.feed();
        fleet.feed();
        turn(10);

        assertThat(launcher.launched).hasSize(1);
        assertThat(fleet.group().waiting()).isEqualTo(1);
    }

    @Test
    void aLockThatCannotBeRenewedClosesTheConsumerAndTheAttemptGoesOn() {
        fleet.feed();
        turn(1);
        fleet.group().setDown(true);
        turn(2);
        fleet.group().setDown(false);

        assertThat(fleet.group().openNow()).isZero();
        assertThat(count(Meter.WORKER_LOCKS_LOST)).isEqualTo(1);
        assertThat(launcher.launched.getFirst().lifeline().stopReason()).isEmpty();
        assertThat(slot.condition()).isEqualTo(Slot.Condition.BUSY);

        launcher.settlement = Settlement.TOLD;
        turn(1);
        assertThat(slot.condition()).isEqualTo(Slot.Condition.CLOSED);

        // The record comes again, and is found to be claimed.
        turn(1);
        assertThat(launcher.launched).hasSize(1);
        assertThat(fleet.group().opened()).isEqualTo(2);
        assertThat(fleet.group().allAccepted()).isTrue();
    }

    @Test
    void whatCouldNotBeToldGivesTheRecordBack() {
        fleet.feed();
        turn(1);
        launcher.settlement = Settlement.UNTOLD;
        turn(1);

        assertThat(fleet.group().openNow()).isZero();
        assertThat(fleet.group().waiting()).isEqualTo(1);
    }

    @Test
    void anIdleSlotThatIsDrainedLeavesTheGroup() {
        turn(2);
        slot.drain();

        assertThat(slot.turn()).isFalse();
        assertThat(fleet.group().openNow()).isZero();
        assertThat(slot.condition()).isEqualTo(Slot.Condition.ENDED);
    }

    @Test
    void aBusySlotThatIsDrainedEndsWithItsAttemptAndTakesNoOther() {
        fleet.feed();
        turn(1);
        slot.drain();
        fleet.feed();
        turn(3);
        launcher.settlement = Settlement.TOLD;
        turn(1);

        assertThat(slot.turn()).isFalse();
        assertThat(launcher.launched).hasSize(1);
        assertThat(fleet.group().waiting()).isEqualTo(1);
        assertThat(fleet.group().openNow()).isZero();
    }

    @Test
    void aSlotThatCannotReachTheStoreTakesNoWorkAndBurnsNoDeliveries() {
        turn(1);
        fleet.store().setDown(true);
        fleet.feed();
        turn(20);

        assertThat(fleet.group().openNow()).isZero();
        assertThat(fleet.group().deliveries(0)).isEqualTo(1);
        assertThat(slot.condition()).isEqualTo(Slot.Condition.CLOSED);

        fleet.store().setDown(false);
        var back = fleet.timing().nanos();
        turn(1);
        assertThat(launcher.launched).hasSize(1);
        assertThat(fleet.timing().since(back)).as("however long it was away").isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aStoreThatAnswersAndTakesNoClaimIsTriedLessAndLessOften() {
        var full = new MemoryObjectStore() {
            @Override
            public boolean createIfAbsent(String key, byte[] body, String mediaType) {
                throw new StoreException("The disk is full.", null);
            }
        };
        fleet = new Fleet(scratch, full);
        slot = slot(fleet.group());
        fleet.feed();
        var start = fleet.timing().nanos();
        while (fleet.timing().since(start).compareTo(Duration.ofMinutes(2)) < 0) {
            turn(1);
        }

        assertThat(fleet.group().deliveries(0)).isBetween(5, 15);
        assertThat(fleet.group().waiting()).isEqualTo(1);
    }

    @Test
    void aSlotThatIsDrainedWhileTheStoreIsAwayDoesNotWaitForIt() {
        fleet.store().setDown(true);
        fleet.timing().meanwhile(slot::drain);
        turn(1);

        assertThat(slot.turn()).isFalse();
    }

    @Test
    void whatNobodyCanReadGoesToTheDeadLetters() {
        fleet.group().append(new Decoded.Unreadable(null, null, "garbage"));
        fleet.group().append(Fleet.arrived(new RunQueued(Fleet.RUN)));
        turn(3);

        assertThat(fleet.group().rejected()).isEqualTo(2);
        assertThat(launcher.launched).isEmpty();
        assertThat(count(Meter.WORKER_DELIVERIES)).isEqualTo(2);
    }

    @Test
    void whatANewerVersionWroteIsLeftToNewerWorkers() {
        fleet.group().append(new Decoded.Newer("org.atelier.attempt.ready.v2"));
        turn(1);

        assertThat(fleet.group().allAccepted()).isTrue();
        assertThat(fleet.events().published()).isEmpty();
        assertThat(fleet.store().keys()).isEmpty();
    }

    @Test
    void anAttemptThatBeginsWhileTheWorkerLeavesIsStoppedAtOnce() {
        running.drain();
        fleet.feed();
        turn(1);

        assertThat(launcher.launched.getFirst().lifeline().stopReason()).contains(new StopReason.Draining());
    }
}
