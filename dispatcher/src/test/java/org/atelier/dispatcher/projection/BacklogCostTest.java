package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import org.atelier.dispatcher.support.TestDatabase;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a decision reads does not grow with what waits: each question is answered by stepping along an index that holds
 * nothing but its answers. Asserted from the database's own plan, which does not depend on how busy the machine is.
 *
 * <p>PostgreSQL chooses by statistics, so there the plan is that of a table with rows and an {@code ANALYZE}, which its
 * autovacuum brings about; SQLite's must hold with and without.
 */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class BacklogCostTest {
    private static final int JOBS = 6_000;
    private static final int TENANTS = 5;
    /** Every so many jobs is a part of a composite, or a child of another. */
    private static final int FAMILY = 10;
    private static final List<String> STAGES = List.of("eligible", "later", "undecided", "blocked", "composed", "none");

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path folder;

    /** A step of a plan that reads rows. */
    private record Step(String text) {
        /** Whether it reads all of a table that grows with what waits. */
        boolean readsEverything() {
            return text.matches("(?s)SCAN (?!.*INDEX)(jobs|j|p|c|attempts|a|dependencies|d)\\b.*")
                    || text.matches("(?s)Seq Scan on (jobs|attempts|dependencies)\\b.*");
        }

        boolean sorts() {
            return text.contains("TEMP B-TREE") || text.startsWith("Sort") || text.startsWith("Incremental Sort");
        }

        /** Whether it finds its place in an index by these columns. */
        boolean seeks(String index, List<String> columns) {
            return text.contains(index) && columns.stream().allMatch(column -> text.matches("(?s).*\\b" + column
                    + "\\)?(::\\w+)? ?(=|<=|<|>).*"));
        }
    }

    /** Each step with the conditions by which it finds its place. */
    private List<Step> plan(Database database, String sql) {
        var values = Map.<String, Object>of("pool", "edit", "tenant", "tenant-1", "limit", 10, "now", 0L, "composite",
                "job-0");
        return database.read(handle -> {
            handle.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
            Function<String, List<String>> explain = prefix -> handle.createQuery(prefix + sql)
                    .bindMap(values)
                    .map((rows, context) -> rows.getString(rows.getMetaData().getColumnCount()))
                    .list();
            return switch (kind) {
                case SQLITE -> explain.apply("EXPLAIN QUERY PLAN ").stream().map(Step::new).toList();
                // A line without an arrow tells more of the step before it. The plan of the recursive query is complete only
                // when it has run.
                case POSTGRESQL -> Stream.of(String.join("\n", explain.apply(
                        "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ")).split("->"))
                        .map(text -> new Step(text.strip()))
                        .toList();
            };
        });
    }

    private static void fill(Database database) {
        database.write(handle -> {
            var jobs = handle.prepareBatch("""
                    INSERT INTO jobs (job, standing, state, run, attempt, tenant, pool, priority, accepted_at, request,
                        bundle, stage, due_at, expires_at, broken, composite, composite_run, phase, place, manifest,
                        ended_at)
                    VALUES (:job, 1, 'queued', 1, 1, :tenant, 'edit', 0, :at, '{}', 'b@1', :stage, :at, :at, :broken,
                        :composite, 1, 0, 0, '{}', :ended)""");
            var attempts = handle.prepareBatch("INSERT INTO attempts (job, run, attempt) VALUES (:job, 1, 1)");
            var dependencies = handle.prepareBatch("INSERT INTO dependencies (job, parent) VALUES (:job, 'job-0')");
            for (int job = 0; job < JOBS; job++) {
                var name = "job-" + job;
                jobs.bind("job", name)
                        .bind("at", job + 1)
                        .bind("tenant", "tenant-" + job % TENANTS)
                        .bind("stage", STAGES.get(job % STAGES.size()))
                        .bind("broken", job % FAMILY == 0 ? 1 : 0)
                        // Most parts there ever were have ended.
                        .bind("ended", job % (FAMILY * FAMILY) == 1 ? null : job + 1)
                        .bind("composite", job % FAMILY == 1 ? "job-" + job / 2 : null)
                        .add();
                attempts.bind("job", name).add();
                dependencies.bind("job", name).add();
            }
            jobs.execute();
            attempts.execute();
            return dependencies.execute();
        });
    }

    private void assertPlans(Database database) {
        assertThat(plan(database, Projection.WAITING)).as("a page of a tenant").anyMatch(step -> step.seeks(
                "jobs_eligible", List.of("pool", "tenant")));
        assertThat(plan(database, Projection.QUEUED)).as("what of a tenant could start").anyMatch(step -> step.seeks(
                "jobs_eligible", List.of("pool", "tenant")));
        assertThat(plan(database, Projection.TENANTS_WAITING)).as("the first tenant, and the one after a tenant")
                .filteredOn(step -> step.seeks("jobs_eligible", List.of("pool")))
                .hasSize(2)
                .anyMatch(step -> step.seeks("jobs_eligible", List.of("pool", "tenant")));
        assertThat(plan(database, Projection.DUE)).as("whose time has come").anyMatch(step -> step.seeks("jobs_later",
                List.of("due_at")));
        assertThat(plan(database, Projection.OVERDUE)).as("whose time is up").anyMatch(step -> step.seeks(
                "jobs_expiring", List.of("expires_at")));
        assertThat(plan(database, Projection.UNDECIDED)).as("failed attempts").anyMatch(step -> step.text().contains(
                "jobs_undecided"));
        assertThat(plan(database, Projection.DOOMED)).as("in vain").anyMatch(step -> step.text().contains(
                "jobs_doomed"));
        assertThat(plan(database, Projection.COMPOSITES)).as("open composites").anyMatch(step -> step.text().contains(
                "jobs_composed")).filteredOn(step -> step.seeks("jobs_parts", List.of("composite"))).hasSize(2);
        assertThat(plan(database, Projection.PARTS)).as("the parts of a composite").anyMatch(step -> step.seeks(
                "jobs_parts", List.of("composite")));
        assertThat(plan(database, Projection.STRAYS)).as("parts that have outlived their composite").anyMatch(
                step -> step.text().contains("jobs_open_parts"));
        for (var question : List.of(Projection.WAITING, Projection.QUEUED, Projection.TENANTS_WAITING, Projection.DUE,
                Projection.OVERDUE, Projection.UNDECIDED, Projection.DOOMED, Projection.COMPOSITES, Projection.PARTS,
                Projection.STRAYS)) {
            assertThat(plan(database, question)).as(question).noneMatch(step -> step.readsEverything() || step
                    .sorts());
        }
    }

    @Test
    void everyQuestionOfARoundIsAnsweredByAnIndexWithoutSorting() {
        try (var database = kind.in(folder)) {
            fill(database);
            if (kind == TestDatabase.SQLITE) {
                assertPlans(database);
            }
            database.write(handle -> handle.execute("ANALYZE"));
            assertPlans(database);
        }
    }

    @Test
    void answersAreThoseOfTheWholeTable() {
        try (var database = kind.in(folder)) {
            fill(database);
            var projection = new Projection(database);
            int ofATenant = JOBS / TENANTS;

            assertThat(projection.tenantsWaiting("edit")).containsExactly("tenant-0", "tenant-1", "tenant-2",
                    "tenant-3", "tenant-4");
            assertThat(projection.waiting("edit", "tenant-3", 2)).extracting(next -> next.attempt().job().value())
                    .containsExactly("job-18", "job-48");
            assertThat(projection.tenantsWaiting("train")).isEmpty();
            int waiting = ofATenant * (STAGES.size() - 2) / STAGES.size();
            assertThat(projection.hasWaiting("tenant-3", waiting)).isTrue();
            assertThat(projection.hasWaiting("tenant-3", waiting + 1)).isFalse();
        }
    }
}
