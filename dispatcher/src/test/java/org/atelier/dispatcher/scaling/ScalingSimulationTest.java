package org.atelier.dispatcher.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.atelier.common.job.JobId;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pools that are scaled by what the dispatcher counts: the chart's settings, KEDA and the HPA as their documents describe them, and the
 * dispatcher's own classes. It prints what each pattern costs; the table of docs/cluster.md is this output.
 */
class ScalingSimulationTest {
    private static final Duration TICK = Duration.ofSeconds(5);
    /** From the creation of a pod to its first poll: a node that is there, an image that is there, networks that are not. */
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration NEVER = Duration.ofDays(10);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final KedaScaledObject.Settings CHART = KedaScaledObject.Settings.CHART;

    @TempDir
    private Path folder;

    private final Map<JobId, Duration> runs = new HashMap<>();
    private Predicate<Duration> knows = now -> true;
    private Predicate<Duration> restarts = now -> false;
    private Duration now = Duration.ZERO;
    private boolean deletionCost = true;
    private Duration exitWhenIdle = NEVER;

    /** What the endpoint answers: 503 while it is not known, as {@code ScalingRoutes} does. */
    private Endpoint endpoint(Fleet fleet) {
        var demand = new Demand(Fleet.SETTINGS.tenants(), fleet.book, fleet.workers, fleet.time, () -> knows.test(now));
        return () -> {
            try {
                return OptionalInt.of(demand.of("edit").demand());
            } catch (UnavailableException e) {
                return OptionalInt.empty();
            }
        };
    }

    private Report run(String pattern, List<Arrival> arrivals, BiFunction<Endpoint, Workload, Autoscaler> scaled) {
        var fleet = new Fleet(TestDatabase.SQLITE, folder, Map.of("ATELIER_HEARTBEAT_INTERVAL", "10s"));
        try (fleet) {
            var pool = new ScaledPool(fleet, runs, START, exitWhenIdle, deletionCost);
            var scaler = scaled.apply(endpoint(fleet), pool);
            var waiting = new ArrayList<>(arrivals.stream().sorted(Comparator.comparing(Arrival::at)).toList());
            int accepted = 0;
            int round = 0;
            var drained = Duration.ZERO;
            while (now.compareTo(LONGEST) < 0) {
                while (!waiting.isEmpty() && waiting.getFirst().at().compareTo(now) <= 0) {
                    runs.put(fleet.accept("job-" + accepted++), waiting.removeFirst().runs());
                }
                if (restarts.test(now)) {
                    fleet.restart();
                }
                pool.step(now, TICK);
                scaler.step(now);
                // Nothing is decided where nothing is left to do, and a slot has its next record before it needs it.
                if (pool.ended() < accepted && round++ % 2 == 0 && knows.test(now)) {
                    fleet.step();
                }
                boolean done = waiting.isEmpty() && pool.ended() == accepted;
                if (done && drained.isZero()) {
                    drained = now.minus(arrivals.getFirst().at());
                }
                if (done && pool.replicas() == 0) {
                    break;
                }
                now = now.plus(TICK);
                fleet.time.pass(TICK);
            }
            assertThat(ended(fleet)).as("every job ended").isEqualTo(arrivals.size());
            assertThat(pool.replicas()).as("and the pool is at zero again").isZero();
            var report = pool.report(drained);
            System.out.println(report.row(pattern));
            return report;
        }
    }

    private static long ended(Fleet fleet) {
        return fleet.index.counts().entrySet().stream().filter(count -> count.getKey().terminal()).mapToLong(
                Map.Entry::getValue).sum();
    }

    private Report scaledObject(String pattern, List<Arrival> arrivals) {
        return run(pattern, arrivals, (endpoint, pool) -> new KedaScaledObject(CHART, endpoint, pool));
    }

    @Test
    void oneJobStartsOnePodWhichGoesAfterTheCooldown() {
        var report = scaledObject("one job of 1 min, from zero", Arrival.burst(Duration.ofSeconds(30), 1, Duration
                .ofMinutes(1)));

        assertThat(report.pods()).isOne();
        assertThat(report.killedBusy()).isZero();
        assertThat(report.drained()).isLessThan(START.plusMinutes(2));
        assertThat(report.idle()).isLessThan(CHART.cooldown().plusMinutes(2));
    }

    @Test
    void aBurstTakesAllPodsThatItMayAndNoBusyOneIsKilled() {
        var report = scaledObject("burst of 80 jobs of 1 min, from zero", Arrival.burst(Duration.ofSeconds(30), 80,
                Duration.ofMinutes(1)));

        assertThat(report.most()).isEqualTo(CHART.most());
        assertThat(report.pods()).as("nobody is started again").isEqualTo(CHART.most());
        assertThat(report.killedBusy()).isZero();
        assertThat(report.busy()).as("nothing is computed twice").isLessThan(Duration.ofMinutes(80 + 8));
    }

    @Test
    void waves() {
        var waves = Stream.of(0, 20, 40).flatMap(minute -> Arrival.burst(Duration.ofMinutes(minute), 24, Duration
                .ofSeconds(40)).stream()).toList();

        assertThat(scaledObject("3 bursts of 24 jobs of 40 s, 20 min apart", waves).killedBusy()).isZero();
    }

    @Test
    void steady() {
        var report = scaledObject("a job of 20 to 60 s every 15 s, for half an hour", Arrival.steady(1, Duration
                .ofMinutes(30),
                Duration.ofSeconds(15), Duration.ofSeconds(40)));

        assertThat(report.killedBusy()).isZero();
    }

    @Test
    void longJobsAmongShortOnesAreNotKilled() {
        var mixed = new ArrayList<>(Arrival.burst(Duration.ofSeconds(10), 30, Duration.ofSeconds(40)));
        mixed.addAll(Arrival.burst(Duration.ofSeconds(20), 4, Duration.ofMinutes(30)));

        assertThat(scaledObject("4 jobs of 30 min behind 30 of 40 s", mixed).killedBusy()).isZero();
    }

    /** Without a word of who is busy the newest pod goes, whatever it does: the reason for the deletion cost. */
    @Test
    void withoutDeletionCostsBusyPodsAreKilledAndTheirJobsGoOnElsewhere() {
        deletionCost = false;
        var mixed = new ArrayList<>(Arrival.burst(Duration.ofSeconds(10), 30, Duration.ofSeconds(40)));
        mixed.addAll(Arrival.burst(Duration.ofSeconds(20), 4, Duration.ofMinutes(30)));

        assertThat(scaledObject("the same without podDeletionCost", mixed).killedBusy()).isPositive();
    }

    @Test
    void aRestartOfTheDispatcherCostsNobodyAPod() {
        var away = Duration.ofMinutes(6);
        knows = now -> now.compareTo(away) < 0 || now.compareTo(away.plusSeconds(90)) >= 0;
        restarts = now -> now.equals(away.plusSeconds(90));

        var report = scaledObject("burst of 80, dispatcher away for 90 s meanwhile", Arrival.burst(Duration.ofSeconds(
                30), 80, Duration.ofMinutes(1)));

        assertThat(report.killedBusy()).isZero();
        assertThat(report.pods()).isEqualTo(CHART.most());
    }

    /** An outage that is longer than the cooldown: nobody knows, so everybody stays. */
    @Test
    void whatIsNotKnownNeverScalesIn() {
        var away = Duration.ofMinutes(5);
        knows = now -> now.compareTo(away) < 0 || now.compareTo(away.plusMinutes(16)) >= 0;

        var report = scaledObject("8 jobs of 25 min, 503 for 16 min", Arrival.burst(Duration.ofSeconds(30), 8, Duration
                .ofMinutes(25)));

        assertThat(report.killedBusy()).isZero();
        assertThat(report.pods()).isEqualTo(CHART.most());
    }

    /** KEDA takes an error without a fallback for "not active": after the cooldown it goes to zero. So the chart has one of at least 1. */
    @Test
    void withoutAFallbackAnOutageWouldKillThemAll() {
        var away = Duration.ofMinutes(5);
        knows = now -> now.compareTo(away) < 0 || now.compareTo(away.plusMinutes(16)) >= 0;
        var without = new KedaScaledObject.Settings(CHART.polling(), CHART.cooldown(), CHART.most(), CHART.slots(),
                CHART.failureThreshold(), 0);

        var report = run("the same with fallback.replicas 0 (refused by the chart)", Arrival.burst(Duration.ofSeconds(
                30), 8, Duration.ofMinutes(25)), (endpoint, pool) -> new KedaScaledObject(without, endpoint, pool));

        assertThat(report.killedBusy()).isEqualTo(8);
    }

    /** Two dispatchers behind a service, of which one refuses: every second question is an error, and at zero each starts a pod. */
    @Test
    void aFollowerThatRefusesKeepsAPoolFromZero() {
        var asked = new int[1];
        var now = Duration.ZERO;
        var pods = new int[1];
        var pool = new Workload() {
            @Override
            public int replicas() {
                return pods[0];
            }

            @Override
            public void scale(int replicas) {
                pods[0] = replicas;
            }
        };
        var refusing = new KedaScaledObject(CHART, () -> asked[0]++ % 2 == 0 ? OptionalInt.of(0) : OptionalInt.empty(),
                pool);
        for (; now.compareTo(Duration.ofHours(1)) < 0; now = now.plus(TICK)) {
            refusing.step(now);
        }
        assertThat(pods[0]).as("kept alive by errors, with nothing to do").isOne();

        pods[0] = 0;
        var telling = new KedaScaledObject(CHART, () -> OptionalInt.of(0), pool);
        for (; now.compareTo(Duration.ofHours(2)) < 0; now = now.plus(TICK)) {
            telling.step(now);
        }
        assertThat(pods[0]).as("the follower tells what the leader wrote").isZero();
    }

    @Test
    void trainingsAreJobsThatNothingScalesIn() {
        exitWhenIdle = Duration.ofSeconds(120);
        deletionCost = false;
        var trainings = Stream.of(0, 5, 10, 15, 20, 55).map(minute -> new Arrival(Duration.ofMinutes(minute), Duration
                .ofMinutes(30))).toList();

        var report = run("6 trainings of 30 min as ScaledJob, 4 at most", trainings, (endpoint,
                pool) -> new KedaScaledJob(Duration.ofSeconds(15), 4, endpoint, pool));

        assertThat(report.killedBusy()).isZero();
        assertThat(report.most()).isEqualTo(4);
        assertThat(report.pods()).as("who is pending is counted, so nobody is started twice").isLessThanOrEqualTo(6);
        assertThat(report.busy()).isLessThan(Duration.ofMinutes(6 * 30 + 1));
    }

    @Test
    void aJobThatNoPodCouldHoldStartsOnePodAndNoMore() {
        var asked = new ArrayList<Integer>();
        try (var fleet = new Fleet(folder)) {
            var demand = endpoint(fleet);
            fleet.accept(org.atelier.dispatcher.support.Samples.request("too-large", 80_000_000_000L));
            asked.add(demand.ask().orElseThrow());
            fleet.workers.alive(org.atelier.dispatcher.support.Samples.worker("pod-0", java.util.Set.copyOf(
                    org.atelier.common.job.JobType.ofWorkers()), 16_000_000_000L));
            asked.add(demand.ask().orElseThrow());
            fleet.workers.left("pod-0");
            asked.add(demand.ask().orElseThrow());
        }
        assertThat(asked).containsExactly(1, 0, 0);
    }
}
