package org.atelier.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.atelier.chaos.history.Report;
import org.atelier.common.kafka.Topics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults of every sort, one after the other: whatever was accepted ends once, with the bytes of an undisturbed run. */
class FaultsIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int FEW = 3;
    private static final int SOME = 40;
    private static final int LONG_JOB = 80;

    @RegisterExtension
    private static final ChaosExtension CHAOS = new ChaosExtension(ChaosOptions.quick(6));

    static void survives(ChaosExtension chaos, Fault fault) throws InterruptedException {
        chaos.run().submitLong(LONG_JOB);
        chaos.run().submitLong(LONG_JOB);
        chaos.run().submit(FEW);
        chaos.awaitWork();

        chaos.run().strike(fault);
        var report = chaos.run().end();

        assertThat(report.clean()).as(report.text()).isTrue();
        assertThat(report.failures()).isEmpty();
        assertThat(report.figures().ended()).isEqualTo(report.figures().accepted());
    }

    /** The dispatcher is killed in the midst of a replay; what was selected runs once more, and nothing else does. */
    static void replaysOnce(ChaosExtension chaos, int jobs, int perSecond) throws InterruptedException {
        var run = chaos.run();
        var first = run.submitPictures(jobs);
        assertThat(run.await(first, 0)).isTrue();

        var second = run.replay(first, perSecond);
        assertThat(run.await(second, jobs - 1)).as("it has begun").isTrue();
        run.strike(Fault.KILL_DISPATCHER);
        var report = run.end();

        assertThat(report.clean()).as(report.text()).isTrue();
        assertThat(report.figures().ended()).isEqualTo(report.figures().accepted());
    }

    @Test
    @Tag("chaos")
    void aReplayThatLosesItsDispatcherRunsEachJobOnce() throws InterruptedException {
        replaysOnce(CHAOS, SOME, SOME / 4);
    }

    @Test
    void aCollectionLeavesResultsAndNothingElse() throws InterruptedException {
        survives(CHAOS, Fault.PREEMPT_WORKER);

        var left = CHAOS.run().collect();

        assertThat(left.missing()).isEmpty();
        assertThat(left.orphans()).isEqualTo(new Report.Orphans(0, 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"KILL_WORKER", "FREEZE_WORKER", "KILL_BROKER", "KILL_STORE", "KILL_DISPATCHER",
            "STORE_BLACK_HOLE", "STORE_ERRORS", "DUPLICATE_DELIVERY", "DAMAGED_CHECKPOINT"})
    void everyJobEndsOnce(Fault fault) throws InterruptedException {
        survives(CHAOS, fault);
    }

    @Test
    @Tag("chaos")
    void garbageIsPutAsideAndHidesNothing() throws InterruptedException {
        try (var records = new Records(CHAOS.fleet().fleet().broker().settings())) {
            int before = records.read(Topics.deadLetters(Records.POOL)).size();

            survives(CHAOS, Fault.GARBAGE);

            long unreadable = Records.garbage(Topics.ready(Records.POOL), new Random(0)).stream()
                    .map(ProducerRecord::key)
                    .filter(key -> !"newer".equals(key))
                    .count();
            await().atMost(LONG).untilAsserted(() -> assertThat(records.read(Topics.deadLetters(Records.POOL)))
                    .hasSize(before + (int) unreadable));
        }
    }
}
