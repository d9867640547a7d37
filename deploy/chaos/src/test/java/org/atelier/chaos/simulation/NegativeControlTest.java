package org.atelier.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

import org.atelier.chaos.history.Checker;
import org.atelier.chaos.history.Report;
import org.atelier.chaos.history.Report.Kind;
import org.atelier.chaos.simulation.World.Laws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checker that never fails proves nothing: what the protocol rests on is switched off, and it must find what follows. */
class NegativeControlTest {
    private static final int MOST_SEEDS = 60;

    @TempDir
    private Path scratch;

    /** Runs seeds until all of the kinds were found, or there are no more. */
    private Set<Kind> found(Laws laws, Set<Kind> wanted) throws IOException, InterruptedException, SQLException {
        var found = EnumSet.noneOf(Kind.class);
        try (var runner = new SeedRunner(scratch)) {
            for (long seed = 0; seed < MOST_SEEDS && !found.containsAll(wanted); seed++) {
                Checker.check(runner.run(seed, laws).history()).violations().stream().map(Report.Violation::kind)
                        .forEach(found::add);
            }
        }
        return found;
    }

    @Test
    void withoutOwnershipOneAttemptIsExecutedTwice() throws IOException, InterruptedException, SQLException {
        var wanted = EnumSet.of(Kind.ATTEMPT_TWICE);
        assertThat(found(new Laws(false, true), wanted)).containsAll(wanted);
    }

    @Test
    void withoutCreateIfAbsentARunHasTwoResults() throws IOException, InterruptedException, SQLException {
        var wanted = EnumSet.of(Kind.DOUBLE_MANIFEST, Kind.DOUBLE_RESULT);
        assertThat(found(new Laws(true, false), wanted)).containsAll(wanted);
    }
}
