package org.atelier.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

import org.atelier.chaos.history.Report.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The check is checked: workers without leases and without create-if-absent are found out. */
@Tag("chaos")
class LawlessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LONGER_THAN_SILENCE_IS_BORNE = 400;

    @RegisterExtension
    private static final ChaosExtension CHAOS = new ChaosExtension(ChaosOptions.quick(8).withLawless(2));

    @Test
    void withoutLeasesAndCreateIfAbsentDoublesAreFound() throws InterruptedException {
        CHAOS.run().submitLong(LONGER_THAN_SILENCE_IS_BORNE);

        // The run has ended with the first result; the other execution is still at it.
        await().atMost(PATIENCE).untilAsserted(() -> {
            var report = CHAOS.run().end();
            assertThat(report.figures().duplicates()).as(report.text()).isPositive();
            assertThat(report.clean()).as(report.text()).isFalse();
            assertThat(report.figures().count(Kind.DOUBLE_RESULT)).as(report.text()).isPositive();
        });
    }
}
