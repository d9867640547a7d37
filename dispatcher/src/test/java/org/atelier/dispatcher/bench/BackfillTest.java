package org.atelier.dispatcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.atelier.common.job.JobId;
import org.atelier.dispatcher.projection.JobCopies;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class BackfillTest {
    private static final int JOBS = 2_345;

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenWaitsInItsOrderAndIsKnownByItsRequest() {
        try (var fleet = new Fleet(kind, folder)) {
            Projection book = fleet.book;
            var backfill = new Backfill(book, new JobCopies(fleet.database), Fleet.SETTINGS.pools(), "default");
            backfill.add(0, JOBS - 1, "avatar-128@3", fleet.time.instant());
            backfill.add(JOBS - 1, 1, "avatar-128@3", fleet.time.instant().plusMillis(1));

            assertThat(book.hasWaiting("default", JOBS)).isTrue();
            assertThat(book.hasWaiting("default", JOBS + 1)).isFalse();
            var all = book.waiting("edit", "default", JOBS);
            assertThat(all.getFirst().attempt().job()).isEqualTo(new JobId("backfill-000000000"));
            assertThat(all.getLast().attempt().job()).isEqualTo(new JobId("backfill-000002344"));
            assertThat(book.request(all.getLast().attempt().job()).bundle()).isEqualTo("avatar-128@3");
            assertThat(book.request(all.getLast().attempt().job()).job()).isEqualTo(all.getLast().attempt().job());
        }
    }
}
