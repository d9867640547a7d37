package org.atelier.dispatcher.projection;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.DemandBoard;

/** The board as rows in PostgreSQL, with the time of the database: no two machines' clocks are compared. */
final class DemandRows implements DemandBoard {
    /** How long a row holds good: a leader that is gone is not believed for longer than its lease lasts by default. */
    static final Duration VALIDITY = Duration.ofSeconds(6);

    private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private static final String WRITE = """
            INSERT INTO demand (pool, queued, running, oldest_queued_seconds, written_at)
            VALUES (:pool, :queued, :running, :oldest, %s)
            ON CONFLICT (pool) DO UPDATE SET queued = excluded.queued, running = excluded.running,
                oldest_queued_seconds = excluded.oldest_queued_seconds, written_at = excluded.written_at
            """.formatted(NOW);
    private static final String READ = """
            SELECT queued, running, oldest_queued_seconds FROM demand
            WHERE pool = :pool AND written_at > %s - :validity""".formatted(NOW);

    private final Database database;

    DemandRows(Database database) {
        this.database = database;
    }

    @Override
    public void write(Map<String, Demand.Slots> demand) {
        database.write(handle -> {
            var batch = handle.prepareBatch(WRITE);
            demand.forEach((pool, slots) -> batch.bind("pool", pool)
                    .bind("queued", slots.queued())
                    .bind("running", slots.running())
                    .bind("oldest", slots.oldestQueuedSeconds())
                    .add());
            return batch.execute();
        });
    }

    @Override
    public Optional<Demand.Slots> read(String pool) {
        return database.read(handle -> handle.createQuery(READ)
                .bind("pool", pool)
                .bind("validity", VALIDITY.toMillis())
                .map(row -> new Demand.Slots(Rows.number(row, "queued"), Rows.number(row, "running"), row.getColumn(
                        "oldest_queued_seconds", Long.class)))
                .findOne());
    }
}
