package org.atelier.dispatcher.scaling;

import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Samples;
import org.jspecify.annotations.Nullable;

/**
 * Pods of one slot each, which work as workers do: they are pending while they start, claim, renew, end their jobs, and hand back
 * what they have when they are told to leave.
 */
final class ScaledPool implements Workload {
    private final Fleet fleet;
    private final Map<JobId, Duration> runs;
    private final Duration start;
    private final Duration exitWhenIdle;
    private final boolean deletionCost;
    private final List<Pod> pods = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private int created;

    private Duration busy = Duration.ZERO;
    private Duration idle = Duration.ZERO;
    private Duration starting = Duration.ZERO;
    private int killedBusy;
    private int done;
    private int most;

    /**
     * @param runs         how long each job computes
     * @param start        from the creation of a pod to its first poll: node, image, engine, networks
     * @param exitWhenIdle {@code ATELIER_EXIT_WHEN_IDLE}; longer than any test where it is not set
     * @param deletionCost whether pods say that they are busy ({@code controller.kubernetes.io/pod-deletion-cost})
     */
    ScaledPool(Fleet fleet, Map<JobId, Duration> runs, Duration start, Duration exitWhenIdle, boolean deletionCost) {
        this.fleet = fleet;
        this.runs = runs;
        this.start = start;
        this.exitWhenIdle = exitWhenIdle;
        this.deletionCost = deletionCost;
    }

    private final class Pod {
        private final String name = "pod-" + created++;
        private final Duration readyAt = now.plus(start);
        private Duration idleSince = readyAt;
        private @Nullable AttemptId attempt;
        private @Nullable ReadyRecord record;
        private Duration endsAt = Duration.ZERO;
        private long sequence;

        boolean isReady() {
            return now.compareTo(readyAt) >= 0;
        }

        boolean isBusy() {
            return attempt != null;
        }

        void step(Duration tick) {
            if (!isReady()) {
                starting = starting.plus(tick);
                return;
            }
            if (attempt == null) {
                idle = idle.plus(tick);
                fleet.workers.alive(worker(name));
                fleet.ready.take().ifPresent(this::take);
            } else {
                busy = busy.plus(tick);
                fleet.workers.alive(worker(name, attempt));
                fleet.renew(attempt, ++sequence);
                if (now.compareTo(endsAt) >= 0) {
                    end(attempt);
                }
            }
        }

        private void take(ReadyRecord taken) {
            var wanted = fleet.ready.read(taken).attempt();
            if (fleet.ledger.manifest(wanted.run()).isPresent() || !(fleet.ledger.claim(new Claim(wanted, name, name,
                    "host", fleet.time.instant())) instanceof Creation.Created<Claim>)) {
                fleet.ready.done(taken);
                return;
            }
            record = taken;
            attempt = wanted;
            sequence = 0;
            endsAt = now.plus(runs.get(wanted.job()));
            fleet.hear(new Message.AttemptStarted(wanted, name, "host", 0));
        }

        private void end(AttemptId ended) {
            var manifest = fleet.ledger.commit(new Manifest(ended.run(), "default", JobType.GENERATE, Samples.BUNDLE,
                    Outcome.SUCCEEDED, ended.attempt(), name, Map.of(), List.of(), null, null, Map.of(), Map.of(),
                    fleet.time.instant())).document();
            fleet.hear(new Message.RunEnded(manifest));
            fleet.book.write(batch -> batch.announced(manifest.run()));
            done++;
            release();
        }

        private void release() {
            fleet.ready.done(java.util.Objects.requireNonNull(record));
            attempt = null;
            idleSince = now;
        }

        /** SIGTERM: what it has is handed back. */
        void leave() {
            if (attempt != null) {
                killedBusy++;
                fleet.hear(failed(attempt, ErrorCategory.PREEMPTED));
                release();
            }
            fleet.workers.left(name);
        }
    }

    /** So late it is now, and this much later than before. */
    void step(Duration now, Duration tick) {
        this.now = now;
        List.copyOf(pods).forEach(pod -> pod.step(tick));
        pods.stream().filter(pod -> pod.isReady() && !pod.isBusy() && now.minus(exitWhenIdle).compareTo(
                pod.idleSince) >= 0)
                .toList().forEach(this::remove);
    }

    private void remove(Pod pod) {
        pod.leave();
        pods.remove(pod);
    }

    @Override
    public int replicas() {
        return pods.size();
    }

    @Override
    public void scale(int replicas) {
        while (pods.size() < replicas) {
            pods.add(new Pod());
        }
        most = Math.max(most, pods.size());
        while (pods.size() > replicas) {
            remove(pods.stream().min(VICTIM).orElseThrow());
        }
    }

    /**
     * Who goes first. Source: "ReplicaSet, Scaling down" of the documents of Kubernetes: pending pods, then the lower deletion
     * cost, then (nodes are alike here) the newer pod.
     */
    private final Comparator<Pod> victim() {
        return Comparator.comparing(Pod::isReady)
                .thenComparing(pod -> deletionCost && pod.isBusy())
                .thenComparing(pod -> pod.readyAt, Comparator.reverseOrder());
    }

    private final Comparator<Pod> VICTIM = victim();

    /** How many jobs have ended. */
    int ended() {
        return done;
    }

    /** What it has cost so far. */
    Report report(Duration drained) {
        return new Report(drained, busy, idle, starting, created, most, killedBusy);
    }
}
