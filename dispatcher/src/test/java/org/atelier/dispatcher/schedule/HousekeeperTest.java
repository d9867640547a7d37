package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.support.Samples.attempt;
import static org.atelier.dispatcher.support.Samples.progressed;

import java.nio.file.Path;
import java.time.Duration;

import org.atelier.common.job.JobId;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.projection.StoredEvent;
import org.atelier.dispatcher.support.FakeReadyTopic;
import org.atelier.dispatcher.support.FakeTime;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeeperTest {
    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime();
    private final FakeReadyTopic ready = new FakeReadyTopic();

    @Test
    void trimsAndForgetsOnceAMinute() {
        try (var database = TestDatabase.SQLITE.in(folder)) {
            var book = new Projection(database);
            var index = new JobIndex(database);
            var housekeeper = new Housekeeper(Pools.parse("edit=generate;train=optimize"), book, ready, time, time,
                    Duration.ofMinutes(1));
            for (int position = 0; position < 3; position++) {
                var event = StoredEvent.of(progressed(attempt("job-1", 1), position), position, time.instant());
                book.write(batch -> batch.keep(event));
                time.pass(Duration.ofSeconds(25));
                housekeeper.step();
            }

            assertThat(ready.trimmed()).as("after 75 seconds").containsExactly("edit", "train");
            assertThat(index.events(new JobId("job-1"), -1, 10)).extracting(StoredEvent::offset).containsExactly(1L,
                    2L);
        }
    }
}
