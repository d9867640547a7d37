package org.atelier.local.chaos;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole table of faults. Takes minutes. */
@Tag("chaos")
class EveryFaultIT {
    private static final int THOUSAND = 1_000;

    @RegisterExtension
    private static final ChaosExtension CHAOS = new ChaosExtension(ChaosOptions.quick(7));

    @Test
    void aReplayOfAThousandThatLosesItsDispatcherRunsEachJobOnce() throws InterruptedException {
        FaultsIT.replaysOnce(CHAOS, THOUSAND, THOUSAND / 20);
    }

    @ParameterizedTest
    @EnumSource
    void everyJobEndsOnce(Fault fault) throws InterruptedException {
        FaultsIT.survives(CHAOS, fault);
    }
}
