package org.atelier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message.AttemptFailed;
import org.atelier.common.event.Message.AttemptProgressed;
import org.atelier.common.event.Message.CancelRequested;
import org.atelier.common.event.Message.WorkerAlive;
import org.atelier.common.event.Message.WorkerLeft;
import org.atelier.common.event.RecordingPublisher;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Lease;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.metrics.Exposition;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.slot.ControlListener;
import org.atelier.worker.job.slot.Inbox;
import org.atelier.worker.job.slot.ReadyConsumers;
import org.atelier.worker.job.time.SystemTiming;
import org.atelier.worker.job.time.Timing;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.FakeShareGroup;
import org.atelier.worker.job.world.Fleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker with its threads; the topics and the store are in memory. */
@Timeout(60)
class WorkerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path cache;

    private final Timing timing = new SystemTiming();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final JobLedger ledger = new JobLedger(store);
    private final RecordingPublisher events = new RecordingPublisher();
    private final FakeShareGroup group = new FakeShareGroup(timing, Fleet.LOCK);
    private final List<Worker> workers = new ArrayList<>();
    private final List<Consumer<CancelRequested>> listeners = new ArrayList<>();
    private Set<Thread> before = Set.of();

    private final class MemoryInbox implements Inbox {
        @Override
        public ReadyConsumers ready(String slot) {
            return group;
        }

        @Override
        public ControlListener control(Consumer<CancelRequested> onCancel) {
            listeners.add(onCancel);
            var stopped = timing.newFlag();
            return new ControlListener() {
                @Override
                public boolean turn() {
                    return !stopped.await(Duration.ofMinutes(1));
                }

                @Override
                public void stop() {
                    stopped.raise();
                }
            };
        }
    }

    @BeforeEach
    void countThreads() {
        before = Thread.getAllStackTraces().keySet();
    }

    /** Whatever a test did, its workers leave no thread behind. */
    @AfterEach
    void nothingIsLeft() {
        workers.forEach(worker -> worker.drain(LONG));
        await().atMost(LONG).untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.matches("(slot-|health|courier|control|presence).*"))
                .collect(Collectors.toSet())).isEmpty());
        assertThat(group.openNow()).isZero();
    }

    private Worker worker(String name, int slots, ChainRunner runner) throws IOException {
        var settings = new WorkerSettings("edit", slots, name, cache, Long.MAX_VALUE, Duration.ofMillis(20), Duration
                .ofMillis(50),
                Duration.ofHours(1), Duration.ofMillis(100), LONG, Optional.empty(), "127.0.0.1", 0);
        var worker = new Worker(settings, new WorkerIdentity(name, "host", Map.of()),
                new Worker.Resources(new MemoryInbox(), store, store, events, Runners.of(List.of(runner))), timing,
                Clock.systemUTC(), new Exposition());
        workers.add(worker);
        worker.start();
        return worker;
    }

    private boolean drain(Worker worker) {
        workers.remove(worker);
        return worker.drain(LONG);
    }

    private void feed(int attempt) {
        group.append(Fleet.arrived(Fleet.ready(new AttemptId(Fleet.RUN, attempt))));
    }

    private static HttpResponse<String> get(Worker worker, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.healthAddress().getPort()
                    + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Lets a runner go on step by step, as the test permits. */
    private static final class Gate {
        private final Semaphore permits = new Semaphore(0);
        private final CountDownLatch reached = new CountDownLatch(1);
        private final int at;

        Gate(int at) {
            this.at = at;
        }

        void pass(int step) {
            if (step == at) {
                reached.countDown();
                permits.acquireUninterruptibly();
            }
        }
    }

    @Test
    void runsAJobFromRecordToResult() throws Exception {
        worker("worker", 1, new ChainRunner());
        feed(1);

        await().atMost(LONG).until(() -> ledger.manifest(Fleet.RUN).isPresent() && group.allAccepted());
        assertThat(ledger.manifest(Fleet.RUN).orElseThrow().artifacts()).singleElement()
                .satisfies(artifact -> assertThat(artifact.digest()).isEqualTo(ChainRunner.expected(Fleet.REQUEST)));
    }

    @Test
    void theHeartBeatsWhileAStepTakesItsTime() throws Exception {
        var gate = new Gate(3);
        worker("worker", 1, new ChainRunner().onStep(gate::pass));
        feed(1);
        gate.reached.await();

        await().atMost(LONG).until(() -> ledger.lease(Fleet.FIRST).map(Lease::sequence).orElse(0L) > 5);
        assertThat(events.published(AttemptProgressed.class).getLast().progress().step()).isEqualTo(2);
        gate.permits.release();
        await().atMost(LONG).until(() -> ledger.manifest(Fleet.RUN).isPresent());
    }

    @Test
    void aWorkerThatLeavesHandsItsWorkToTheNextAndTheBytesAreTheSame() throws Exception {
        var gate = new Gate(4);
        var first = new ChainRunner().onStep(gate::pass);
        var leaving = worker("leaving", 1, first);
        feed(1);
        gate.reached.await();
        var drained = new CountDownLatch(1);
        var drain = new Thread(() -> {
            if (drain(leaving)) {
                drained.countDown();
            }
        });
        drain.start();
        await().atMost(LONG).until(() -> leavingIsNotReady(leaving));
        gate.permits.release();
        drain.join();
        assertThat(drained.getCount()).isZero();

        assertThat(events.published(AttemptFailed.class)).singleElement()
                .satisfies(failed -> assertThat(failed.failure().category()).isEqualTo(ErrorCategory.PREEMPTED));
        assertThat(events.published(WorkerLeft.class)).containsExactly(new WorkerLeft("leaving"));
        assertThat(group.allAccepted()).isTrue();

        var second = new ChainRunner();
        worker("next", 1, second);
        feed(2);
        await().atMost(LONG).until(() -> ledger.manifest(Fleet.RUN).isPresent());
        assertThat(first.stepsDone() + second.stepsDone()).isEqualTo(Fleet.REQUEST.steps());
        assertThat(ledger.manifest(Fleet.RUN).orElseThrow().artifacts().getFirst().digest())
                .isEqualTo(ChainRunner.expected(Fleet.REQUEST));
    }

    private static boolean leavingIsNotReady(Worker worker) throws Exception {
        return get(worker, "/readyz").statusCode() == 503;
    }

    @Test
    void aBroadcastCancelEndsARunningJob() throws Exception {
        var gate = new Gate(2);
        worker("worker", 1, new ChainRunner().onStep(gate::pass));
        feed(1);
        gate.reached.await();
        listeners.forEach(listener -> listener.accept(new CancelRequested(Fleet.RUN, "somebody")));
        gate.permits.release();

        await().atMost(LONG).until(() -> ledger.manifest(Fleet.RUN).isPresent());
        assertThat(ledger.manifest(Fleet.RUN).orElseThrow().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void twoSlotsRunOneGradientJobAtATimeAndKeepBothAlive() throws Exception {
        var gate = new Gate(1);
        var runner = new ChainRunner().onStep(gate::pass);
        worker("worker", 2, runner);
        feed(1);
        gate.reached.await();
        // Another job: the next attempt would end this one.
        var other = new AttemptId(RunId.first(new JobId("job-2")), 1);
        group.append(Fleet.arrived(Fleet.ready(other)));

        await().atMost(LONG).until(() -> ledger.lease(other).map(Lease::sequence).orElse(0L) > 3);
        assertThat(runner.started()).isEqualTo(1);
        gate.permits.release(2);
        await().atMost(LONG).until(() -> ledger.manifest(Fleet.RUN).isPresent() && ledger.manifest(other.run())
                .isPresent());
        assertThat(ledger.manifest(other.run()).orElseThrow().seconds()).containsKey("wait");
    }

    @Test
    void saysThatItIsThereAndWhatItRuns() throws Exception {
        var gate = new Gate(1);
        var worker = worker("worker", 1, new ChainRunner().onStep(gate::pass));
        await().atMost(LONG).until(() -> !events.published(WorkerAlive.class).isEmpty());
        feed(1);
        gate.reached.await();

        await().atMost(LONG).until(() -> events.published(WorkerAlive.class).getLast().running().equals(List.of(
                Fleet.FIRST)));
        assertThat(get(worker, "/readyz").body()).isEqualTo(
                "{\"kafka\":true,\"ready\":true,\"slots\":{\"slot-0\":\"busy\"}}");
        assertThat(get(worker, "/metrics").body()).contains("atelier_worker_running 1.0",
                "atelier_worker_deliveries_total{verdict=\"claimed\"} 1.0");
        gate.permits.release();
        await().atMost(LONG).until(() -> events.published(WorkerAlive.class).getLast().running().isEmpty());
    }

    @Test
    void isReadyOnceItTakesWorkAndNotWhileTheStoreIsAway() throws Exception {
        store.setDown(true);
        var worker = worker("worker", 1, new ChainRunner());
        assertThat(get(worker, "/readyz").statusCode()).isEqualTo(503);
        assertThat(get(worker, "/healthz").statusCode()).isEqualTo(200);
        store.setDown(false);

        await().atMost(LONG).until(() -> get(worker, "/readyz").statusCode() == 200);
    }

    @Test
    void isNotReadyWhileKafkaIsAway() throws Exception {
        events.setDown(true);
        var worker = worker("worker", 1, new ChainRunner());
        assertThat(get(worker, "/readyz").statusCode()).isEqualTo(503);
        events.setDown(false);

        await().atMost(LONG).until(() -> get(worker, "/readyz").statusCode() == 200);
    }

    @Test
    void aWorkerWhoseThreadDiesIsUnhealthyAndEnds() throws Exception {
        var worker = worker("worker", 1, new ChainRunner());
        await().atMost(LONG).until(() -> get(worker, "/readyz").statusCode() == 200);
        listeners.clear();
        group.breakWith(new StackOverflowError("as the test wants it"));
        worker.awaitEnd();

        assertThat(get(worker, "/healthz").statusCode()).isEqualTo(503);
        assertThat(drain(worker)).isFalse();
        assertThat(events.published(WorkerLeft.class)).isEmpty();
        group.crash();
    }

    @Test
    void aSlotThatDiedDoesNotKeepTheOthersFromHandingBack() throws Exception {
        var gate = new Gate(3);
        var worker = worker("worker", 2, new ChainRunner().onStep(gate::pass));
        feed(1);
        gate.reached.await();
        // The other slot polls; the busy one does not.
        group.breakWith(new StackOverflowError("as the test wants it"));
        worker.awaitEnd();
        var drained = new Thread(() -> drain(worker));
        drained.start();
        await().atMost(LONG).until(() -> leavingIsNotReady(worker));
        gate.permits.release();
        drained.join();

        assertThat(events.published(AttemptFailed.class)).singleElement()
                .satisfies(failed -> assertThat(failed.failure().category()).isEqualTo(ErrorCategory.PREEMPTED));
        group.crash();
    }

    @Test
    void aRunnerThatDoesNotStopIsLeftBehindInTime() throws Exception {
        var gate = new Gate(1);
        var worker = worker("worker", 1, new ChainRunner().onStep(gate::pass));
        feed(1);
        gate.reached.await();
        workers.remove(worker);

        assertThat(worker.drain(Duration.ofMillis(200))).isFalse();
        assertThat(events.published(WorkerLeft.class)).isEmpty();
        gate.permits.release();
    }
}
