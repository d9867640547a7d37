package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.atelier.dispatcher.support.Fleet.SETTINGS;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.Source;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class JobCopiesTest {
    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    @Test
    void aCopyIsTheRowThatIntakeWouldWrite() {
        try (var fleet = new Fleet(kind, folder)) {
            var newest = fleet.time.instant();
            admit(fleet, 0, newest.minusMillis(1));
            new JobCopies(fleet.database).add("job-", 0, 1);
            admit(fleet, 2, newest);

            var copy = row(fleet, 1);
            var admitted = row(fleet, 2);
            assertThat(fleet.book.request(JobCopies.name("job-", 1)).fingerprint()).isEqualTo("job-000000001");
            assertThat(copy.keySet()).contains("expires_at", "accepted_at", "queued_at", "stage");
            for (var own : List.of("job", "request")) {
                copy.remove(own);
                admitted.remove(own);
            }
            assertThat(copy).isEqualTo(admitted);
        }
    }

    @Test
    void nothingIsCopiedFromNothing() {
        try (var fleet = new Fleet(kind, folder)) {
            var copies = new JobCopies(fleet.database);
            assertThatThrownBy(() -> copies.add("job-", 0, 3)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("job-000000000");
            assertThat(fleet.book.hasWaiting("default", 1)).isFalse();
        }
    }

    private static void admit(Fleet fleet, int place, Instant at) {
        var job = JobCopies.name("job-", place);
        var request = new StoredRequest(job, "default", JobSubmission.of(GenerateRequest.of("avatar-128", List.of(
                new Source.Seed(7)))), "avatar-128@3", job.value(), at);
        fleet.book.write(batch -> batch.admit(request, SETTINGS.pools().poolOf(JobType.GENERATE).orElseThrow()));
    }

    private static Map<String, Object> row(Fleet fleet, int place) {
        return fleet.database.read(handle -> handle.createQuery("SELECT * FROM jobs WHERE job = :job")
                .bind("job", JobCopies.name("job-", place).value())
                .mapToMap()
                .one());
    }
}
