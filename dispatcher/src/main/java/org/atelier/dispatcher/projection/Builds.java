package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.List;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/** The builds of the projection. Safe for use by several threads and processes. */
public final class Builds {
    private static final List<String> TABLES = List.of("jobs", "attempts", "job_events", "dependencies", "subjects",
            "positions");
    private static final String NEWEST = "(SELECT MAX(build) FROM builds)";

    private final Database database;

    public Builds(Database database) {
        this.database = database;
    }

    /** The newest build. */
    public Build newest() {
        return database.read(Builds::newest);
    }

    static Build newest(Handle handle) {
        return handle.createQuery("""
                SELECT build, wanted_by, wanted_at, began_at, read_at, ended_at, looked_at, restored FROM builds
                WHERE build =\s""" + NEWEST).map(row -> build(row)).one();
    }

    private static Build build(RowView row) {
        return new Build(Rows.number(row, "build"), Rows.text(row, "wanted_by"), Instant.ofEpochMilli(row.getColumn(
                "wanted_at", Long.class)), Rows.instant(row, "began_at"), Rows.instant(row, "read_at"), Rows.instant(
                        row,
                        "ended_at"), Rows.number(row, "looked_at"), Rows.number(row, "restored"));
    }

    /** Asks for a build. One that nobody has begun yet is the one that is asked for. */
    public Build want(String actor, Instant at) {
        return database.write(handle -> {
            handle.createUpdate("""
                    INSERT INTO builds (build, wanted_by, wanted_at)
                    SELECT b.build + 1, :actor, :at FROM builds b
                    WHERE b.began_at IS NOT NULL AND b.build =\s""" + NEWEST + " ON CONFLICT DO NOTHING")
                    .bind("actor", actor)
                    .bind("at", at.toEpochMilli())
                    .execute();
            return newest(handle);
        });
    }

    /** Begins what is wanted: drops the projection. Nothing, where the newest build has begun. */
    public Build begin(Instant at) {
        return database.write(handle -> {
            int begun = handle.createUpdate("UPDATE builds SET began_at = :at WHERE began_at IS NULL")
                    .bind("at", at.toEpochMilli())
                    .execute();
            if (begun > 0) {
                TABLES.forEach(table -> handle.execute("DELETE FROM " + table));
            }
            return newest(handle);
        });
    }

    /** The topics have been read. */
    public void read(int build, Instant at) {
        database.write(handle -> handle.createUpdate(
                """
                        UPDATE builds SET read_at = :at, looked_at = 0, restored = 0 WHERE build = :build AND read_at IS NULL""")
                .bind("at", at.toEpochMilli())
                .bind("build", build)
                .execute());
    }

    /** So many jobs of the store have been looked at. */
    public void progress(int build, int lookedAt, int restored) {
        database.write(handle -> handle.createUpdate(
                "UPDATE builds SET looked_at = :lookedAt, restored = :restored WHERE build = :build")
                .bind("lookedAt", lookedAt)
                .bind("restored", restored)
                .bind("build", build)
                .execute());
    }

    /** The store has been looked through. */
    public void end(int build, Instant at) {
        database.write(handle -> handle.createUpdate("UPDATE builds SET ended_at = :at WHERE build = :build")
                .bind("at", at.toEpochMilli())
                .bind("build", build)
                .execute());
    }
}
