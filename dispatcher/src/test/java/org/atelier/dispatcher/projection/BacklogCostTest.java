package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a decision reads does not grow with what waits: each question is answered by stepping along an index that holds
 * nothing but its answers. Asserted from the database's own plan, which does not depend on how busy the machine is.
 */
class BacklogCostTest {
    private static final int JOBS = 5_000;
    private static final int TENANTS = 5;

    @TempDir
    private Path folder;

    /** The steps of the plan of a statement, as SQLite words them. */
    private static List<String> plan(Database database, String sql, Map<String, ?> values) {
        return database.read(handle -> handle.createQuery("EXPLAIN QUERY PLAN " + sql)
                .bindMap(values)
                .map(row -> row.getColumn("detail", String.class))
                .list());
    }

    private static void fill(Database database) {
        database.write(handle -> {
            var batch = handle.prepareBatch("""
                    INSERT INTO jobs (job, standing, state, run, attempt, tenant, pool, priority, accepted_at, request,
                        bundle, stage, due_at)
                    VALUES (:job, 1, 'queued', 1, 0, :tenant, 'edit', 0, :at, '{}', 'b@1', :stage, :at)""");
            for (int job = 0; job < JOBS; job++) {
                var stage = job % 2 == 0 ? "eligible" : "later";
                batch.bind("job", "job-" + job).bind("at", job).bind("tenant", "tenant-" + job % TENANTS).bind("stage",
                        stage).add();
            }
            return batch.execute();
        });
    }

    @Test
    void everyQuestionOfARoundIsAnsweredByAnIndexWithoutSorting() {
        try (var database = TestDatabase.in(folder)) {
            fill(database);
            Stream.of(true, false).forEach(analysed -> {
                if (analysed) {
                    database.write(handle -> handle.execute("ANALYZE"));
                }
                var pool = Map.of("pool", "edit", "tenant", "tenant-1", "limit", 10, "now", 0L);
                assertThat(plan(database, Projection.WAITING, pool)).as("a page of a tenant").singleElement().asString()
                        .contains("SEARCH jobs USING INDEX jobs_eligible (stage=? AND pool=? AND tenant=?)");
                assertThat(plan(database, Projection.TENANTS_WAITING, pool)).as("who has a turn")
                        .filteredOn(step -> step.contains("SEARCH"))
                        .allSatisfy(step -> assertThat(step).contains("jobs_eligible (stage=? AND pool=?"))
                        .hasSize(2);
                assertThat(plan(database, Projection.TENANTS_WAITING, pool)).noneMatch(step -> step.contains(
                        "SCAN jobs") || step.contains("TEMP B-TREE"));
                assertThat(plan(database, Projection.DUE, pool)).as("whose time has come").singleElement().asString()
                        .contains("jobs_later (stage=? AND due_at<?)");
                assertThat(plan(database, Projection.OVERDUE, pool)).as("whose time is up").singleElement().asString()
                        .contains("jobs_expiring (expires_at<?)");
                assertThat(plan(database, Projection.UNDECIDED, pool)).as("failed attempts").noneMatch(step -> step
                        .contains("SCAN") || step.contains("TEMP B-TREE")).anyMatch(step -> step.contains(
                                "jobs_undecided"));
                assertThat(plan(database, Projection.DOOMED, pool)).as("in vain").noneMatch(step -> step.contains(
                        "SCAN") || step.contains("TEMP B-TREE")).anyMatch(step -> step.contains("jobs_doomed"));
            });
        }
    }

    @Test
    void answersAreThoseOfTheWholeTable() {
        try (var database = TestDatabase.in(folder)) {
            fill(database);
            var projection = new Projection(database);

            assertThat(projection.tenantsWaiting("edit")).containsExactly("tenant-0", "tenant-1", "tenant-2",
                    "tenant-3", "tenant-4");
            assertThat(projection.waiting("edit", "tenant-3", 2)).extracting(next -> next.attempt().job().value())
                    .hasSize(2);
            assertThat(projection.tenantsWaiting("train")).isEmpty();
            assertThat(projection.hasWaiting("tenant-3", JOBS / TENANTS)).isTrue();
            assertThat(projection.hasWaiting("tenant-3", JOBS / TENANTS + 1)).isFalse();
        }
    }
}
