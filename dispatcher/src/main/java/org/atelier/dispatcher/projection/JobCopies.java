package org.atelier.dispatcher.projection;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.atelier.common.job.JobId;
import org.jdbi.v3.core.Handle;

/**
 * Rows of many waiting jobs from that of one, for measurements: a statement writes a batch of them, where taking in a job takes
 * six. A copy differs from its model in its name, wherever that stands, and in its times.
 */
public final class JobCopies {
    /** Rows that a transaction writes. */
    private static final int AT_ONCE = 50_000;
    private static final String NAME = "CAST(:prefix AS TEXT) || SUBSTR(CAST(1000000000 + n.place AS TEXT), 2)";
    /** What differs, by column; all else is as in the model. */
    private static final Map<String, String> DIFFERENT = Map.of(
            "job", NAME,
            "request", "REPLACE(m.request, m.job, " + NAME + ")",
            "accepted_at", "m.accepted_at + n.place - :model",
            "queued_at", "m.queued_at + n.place - :model",
            "expires_at", "m.expires_at + n.place - :model");

    private final Database database;

    public JobCopies(Database database) {
        this.database = database;
    }

    /** The name of a copy, or of the model. */
    public static JobId name(String prefix, int place) {
        return new JobId(prefix + String.valueOf(1_000_000_000 + place).substring(1));
    }

    /**
     * Copies a job that waits for nothing but a worker, and has had no attempt.
     *
     * @param prefix of the names of the model and the copies
     * @param model  place of the model, at the end of its name
     * @param copies how many; each takes the next place, and was accepted a millisecond after the one before
     * @throws IllegalArgumentException if there is no such job
     */
    public void add(String prefix, int model, int copies) {
        int end = model + copies;
        for (int from = model + 1; from <= end; from += AT_ONCE) {
            int first = from;
            int last = Math.min(from + AT_ONCE - 1, end);
            database.write(handle -> {
                copy(handle, prefix, model, first, last);
                return last;
            });
        }
    }

    private static void copy(Handle handle, String prefix, int model, int first, int last) {
        var columns = columns(handle);
        var values = columns.stream().map(column -> DIFFERENT.getOrDefault(column, "m." + column)).toList();
        int written = handle.createUpdate("""
                INSERT INTO jobs (%s)
                WITH RECURSIVE n (place) AS (
                    SELECT CAST(:first AS BIGINT) UNION ALL SELECT place + 1 FROM n WHERE place < :last)
                SELECT %s FROM n CROSS JOIN jobs m WHERE m.job = :job"""
                .formatted(String.join(", ", columns), String.join(", ", values)))
                .bind("job", name(prefix, model).value())
                .bind("prefix", prefix)
                .bind("model", model)
                .bind("first", first)
                .bind("last", last)
                .execute();
        if (written != last - first + 1) {
            throw new IllegalArgumentException("There is no job " + name(prefix, model) + " to copy.");
        }
    }

    /** All that a later migration may have added, too. */
    private static List<String> columns(Handle handle) {
        return handle.createQuery("SELECT * FROM jobs WHERE 1 = 0").scanResultSet((results, context) -> {
            try (var rows = results.get()) {
                var names = new ArrayList<String>();
                var about = rows.getMetaData();
                for (int column = 1; column <= about.getColumnCount(); column++) {
                    names.add(about.getColumnName(column));
                }
                return names;
            } catch (SQLException e) {
                throw new IllegalStateException("The columns of the jobs cannot be read.", e);
            }
        });
    }
}
