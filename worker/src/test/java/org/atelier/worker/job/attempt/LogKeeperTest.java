package org.atelier.worker.job.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

import org.atelier.common.job.AttemptId;
import org.atelier.worker.job.world.Fleet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogKeeperTest {
    @TempDir
    private Path scratch;

    private final Deque<String> fresh = new ArrayDeque<>();
    private Fleet fleet;
    private LogKeeper keeper;

    @BeforeEach
    void make() {
        fleet = new Fleet(scratch);
        keeper = new LogKeeper(Fleet.FIRST, new AttemptLogs() {
            @Override
            public Optional<String> fresh(AttemptId attempt) {
                return Optional.ofNullable(fresh.poll());
            }

            @Override
            public void forget(AttemptId attempt) {
                fresh.clear();
            }
        }, fleet.ledger());
    }

    @Test
    void theNewestLinesAreInTheStore() {
        fresh.add("one\n");
        keeper.keep();
        fresh.add("one\ntwo\n");
        keeper.keep();
        keeper.keep();

        assertThat(fleet.ledger().log(Fleet.FIRST)).containsExactly("one", "two");
    }

    @Test
    void aStoreThatIsAwayIsNoMatter() {
        fleet.store().setDown(true);
        fresh.add("one\n");
        keeper.keep();

        fleet.store().setDown(false);
        assertThat(fleet.ledger().log(Fleet.FIRST)).isEmpty();
    }

    @Test
    void whatIsOverIsForgotten() {
        fresh.add("one\n");
        keeper.close();

        assertThat(fresh).isEmpty();
    }
}
