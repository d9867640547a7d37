package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one dispatcher writes and another reads, on a real PostgreSQL. */
class DemandRowsTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadUntilItIsOld() {
        try (var database = TestDatabase.POSTGRESQL.in(folder)) {
            var board = database.demandBoard();
            assertThat(board.read("edit")).isEmpty();

            board.write(Map.of("edit", new Demand.Slots(3, 2, 70), "train", new Demand.Slots(0, 0, 0)));
            board.write(Map.of("edit", new Demand.Slots(2, 3, 71)));

            assertThat(board.read("edit")).contains(new Demand.Slots(2, 3, 71));
            assertThat(board.read("train")).contains(new Demand.Slots(0, 0, 0));
            assertThat(board.read("other")).isEmpty();

            database.write(handle -> handle.createUpdate("UPDATE demand SET written_at = written_at - :old")
                    .bind("old", DemandRows.VALIDITY.toMillis())
                    .execute());
            assertThat(board.read("edit")).as("nobody knows any more").isEmpty();
        }
    }
}
