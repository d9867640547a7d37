package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.failed;
import static org.atelier.dispatcher.support.Samples.run;
import static org.atelier.dispatcher.support.Samples.started;
import static org.atelier.dispatcher.support.Samples.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Cancel;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Samples;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the parts that decide against workers of every fate: they finish, fail, die at any point, give back, lose their last
 * words; store and Kafka go away, the dispatcher is replaced, callers cancel. Whatever happens, every job ends once, and
 * what is told of it is what the store says.
 */
class FleetSimulationTest {
    private static final int SEEDS = 12;
    private static final int JOBS = 12;
    private static final int SLOTS = 3;
    private static final Duration TROUBLE = Duration.ofMinutes(3);
    private static final Duration QUIET = Duration.ofMinutes(5);
    private static final Duration TICK = Duration.ofMillis(500);

    @TempDir
    private Path folder;

    private Random random;
    private Fleet fleet;
    private final Set<AttemptId> claimed = new HashSet<>();
    private final Deque<String> open = new ArrayDeque<>(jobs());
    private final List<Slot> slots = new ArrayList<>();

    static List<Long> seeds() {
        return LongStream.range(0, SEEDS).boxed().toList();
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A slot of a worker, as the protocol has it. */
    private final class Slot {
        private final String name;
        private ReadyRecord record;
        private AttemptId attempt;
        private long sequence;
        private int ticksLeft;

        Slot(String name) {
            this.name = name;
        }

        void tick(boolean trouble) {
            fleet.workers.alive(attempt == null ? worker(name) : worker(name, attempt));
            if (attempt == null) {
                take(trouble);
            } else {
                work(trouble);
            }
        }

        private void take(boolean trouble) {
            var taken = fleet.ready.take();
            if (taken.isEmpty()) {
                return;
            }
            record = taken.get();
            var ready = fleet.ready.read(record);
            if (trouble && chance(0.05)) {
                fleet.ready.release(record);
                return;
            }
            if (trouble && chance(0.05)) {
                // The broker gives it up: nobody ever says a word about it.
                fleet.ready.done(record);
                return;
            }
            if (trouble && chance(0.1)) {
                fleet.hear(new Message.AttemptDeferred(ready.attempt(), name, "no memory"));
                fleet.ready.done(record);
                return;
            }
            var manifest = fleet.ledger.manifest(ready.attempt().run());
            if (manifest.isPresent()) {
                fleet.hear(new Message.RunEnded(manifest.get()));
                fleet.ready.done(record);
                return;
            }
            claim(ready.attempt(), trouble);
        }

        private void claim(AttemptId wanted, boolean trouble) {
            var claim = new Claim(wanted, name + "-" + random.nextLong(), name, "host", fleet.time.instant());
            if (!(fleet.ledger.claim(claim) instanceof Creation.Created<Claim>)) {
                fleet.ready.done(record);
                return;
            }
            assertThat(claimed.add(wanted)).as("nobody else holds %s", wanted).isTrue();
            if (trouble && chance(0.1)) {
                fleet.ready.release(record);
                return;
            }
            attempt = wanted;
            sequence = 0;
            ticksLeft = random.nextInt(20);
            if (!trouble || chance(0.9)) {
                fleet.hear(started(wanted));
            }
        }

        private void work(boolean trouble) {
            if (trouble && chance(0.03)) {
                fleet.ready.release(record);
                attempt = null;
                return;
            }
            fleet.renew(attempt, ++sequence);
            if (!trouble || chance(0.7)) {
                fleet.hear(Samples.progressed(attempt, sequence));
            }
            if (fleet.ledger.cancel(attempt.run()).isPresent()) {
                end(Outcome.CANCELLED, trouble);
            } else if (ticksLeft-- <= 0) {
                if (trouble && chance(0.3)) {
                    fleet.hear(failed(attempt, ErrorCategory.values()[random.nextInt(ErrorCategory
                            .values().length)]));
                    leave();
                } else {
                    end(Outcome.SUCCEEDED, trouble);
                }
            }
        }

        private void end(Outcome outcome, boolean trouble) {
            var manifest = fleet.ledger.commit(new Manifest(attempt.run(), "default",
                    JobType.GENERATE, Samples.BUNDLE, outcome, attempt.attempt(), name + random
                            .nextLong(),
                    Map.of(), List.of(), null, null, Map.of(), Map.of(), fleet.time
                            .instant())).document();
            if (!trouble || chance(0.8)) {
                fleet.hear(new Message.RunEnded(manifest));
                fleet.book.write(batch -> batch.announced(manifest.run()));
            }
            leave();
        }

        private void leave() {
            fleet.ready.done(record);
            attempt = null;
        }
    }

    private void cancelSome() {
        if (chance(0.02)) {
            RunId run = run("job-" + random.nextInt(JOBS));
            if (fleet.ledger.request(run.job()).isPresent() && fleet.ledger.manifest(run).isEmpty()) {
                fleet.ledger.cancel(new Cancel(run, "somebody", fleet.time.instant()));
                fleet.hear(new Message.CancelRequested(run, "somebody"));
            }
        }
    }

    private void breakThings() {
        fleet.store.setDown(chance(0.1));
        fleet.ready.setDown(chance(0.1));
        fleet.events.setDown(chance(0.1));
        if (chance(0.02)) {
            fleet.restart();
        }
    }

    private void repairThings() {
        fleet.store.setDown(false);
        fleet.ready.setDown(false);
        fleet.events.setDown(false);
    }

    private void pass(Duration duration, boolean trouble) {
        for (var passed = Duration.ZERO; passed.compareTo(duration) < 0 && !isOver(); passed = passed.plus(TICK)) {
            fleet.time.pass(TICK);
            slots.forEach(slot -> slot.tick(trouble));
            if (trouble) {
                cancelSome();
                breakThings();
            }
            fleet.step();
            repairThings();
        }
    }

    /** What has ended stays so, and is not asked for again: it is asked after every round. */
    private boolean isOver() {
        while (!open.isEmpty() && fleet.state(open.getFirst()).terminal()) {
            open.removeFirst();
        }
        return open.isEmpty() && fleet.book.unannounced(1).isEmpty();
    }

    private static List<String> jobs() {
        return IntStream.range(0, JOBS).mapToObj(job -> "job-" + job).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyJobEndsOnceWhateverHappens(long seed) {
        random = new Random(seed);
        fleet = new Fleet(folder);
        try (var closed = fleet) {
            jobs().forEach(closed::accept);
            for (int slot = 0; slot < SLOTS; slot++) {
                slots.add(new Slot("worker-" + slot));
            }

            pass(TROUBLE, true);
            // The results topic is not read back here: take what was published as heard.
            for (int round = 0; round < 18; round++) {
                pass(QUIET, false);
                fleet.results().forEach(manifest -> fleet.book.write(batch -> batch.announced(manifest.run())));
            }

            for (var job : jobs()) {
                var manifest = fleet.ledger.manifest(run(job)).orElseThrow(() -> new AssertionError(job
                        + " never ended; it is " + fleet.state(job)));
                assertThat(fleet.entry(job).manifest()).as("what is told of %s", job).isEqualTo(manifest);
            }
            assertThat(fleet.results().stream().collect(Collectors.groupingBy(Manifest::run, Collectors.toSet()))
                    .values()).as("one result a run, however often it is told").allMatch(told -> told.size() == 1);
            assertThat(fleet.book.unannounced(1)).isEmpty();
        }
    }
}
