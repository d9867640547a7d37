package org.atelier.dispatcher.projection;

import org.atelier.dispatcher.upload.UploadBook;
import org.jdbi.v3.core.Handle;

/** The book of uploads as rows. Those of earlier days go when a later one is written. */
public final class UploadRows implements UploadBook {
    private final Database database;

    public UploadRows(Database database) {
        this.database = database;
    }

    @Override
    public long taken(String tenant, long day) {
        return database.read(handle -> taken(handle, tenant, day));
    }

    private static long taken(Handle handle, String tenant, long day) {
        return handle.createQuery("SELECT bytes FROM uploads WHERE tenant = :tenant AND day = :day")
                .bind("tenant", tenant)
                .bind("day", day)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    @Override
    public boolean take(String tenant, long day, long bytes, long most) {
        return database.write(handle -> {
            handle.createUpdate("DELETE FROM uploads WHERE tenant = :tenant AND day < :day")
                    .bind("tenant", tenant)
                    .bind("day", day)
                    .execute();
            // One statement looks and counts: two dispatchers that do so at once take turns at the row.
            return bytes <= most && handle.createUpdate("""
                    INSERT INTO uploads (tenant, day, bytes) VALUES (:tenant, :day, :bytes)
                    ON CONFLICT (tenant, day) DO UPDATE SET bytes = uploads.bytes + excluded.bytes
                    WHERE uploads.bytes + excluded.bytes <= :most""")
                    .bind("tenant", tenant)
                    .bind("day", day)
                    .bind("bytes", bytes)
                    .bind("most", most)
                    .execute() == 1;
        });
    }
}
