package org.atelier.dispatcher.projection;

import java.time.Duration;

import org.atelier.dispatcher.leadership.LeadershipLease;

/**
 * The lease on leading as a row in PostgreSQL. Its time is that of the database, so that no two machines' clocks are
 * compared. Each claim is one statement.
 */
final class LeaseRow implements LeadershipLease {
    private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private static final String CLAIM = """
            INSERT INTO leadership (id, holder, term, expires_at) VALUES (1, :holder, 1, %1$s + :validity)
            ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
                term = leadership.term + CASE WHEN leadership.holder = excluded.holder THEN 0 ELSE 1 END
            WHERE leadership.holder = excluded.holder OR leadership.expires_at <= %1$s
            """.formatted(NOW);

    private final Database database;

    LeaseRow(Database database) {
        this.database = database;
    }

    @Override
    public Holding claim(String holder, Duration validity) {
        return database.alone(handle -> {
            handle.createUpdate(CLAIM).bind("holder", holder).bind("validity", validity.toMillis()).execute();
            return handle.createQuery("SELECT holder, term FROM leadership WHERE id = 1")
                    .map(row -> new Holding(Rows.text(row, "holder"), row.getColumn("term", Long.class)))
                    .one();
        });
    }

    @Override
    public void release(String holder) {
        database.alone(handle -> handle.createUpdate("UPDATE leadership SET expires_at = 0 WHERE holder = :holder")
                .bind("holder", holder)
                .execute());
    }
}
