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
    public boolean take(String upload, String tenant, long day, long bytes, long most) {
        return database.write(handle -> {
            forget(handle, tenant, day);
            if (!charge(handle, upload, tenant, day)) {
                return true;
            }
            boolean fits = bytes <= most && add(handle, tenant, day, bytes, most);
            if (!fits) {
                handle.createUpdate("DELETE FROM upload_charges WHERE upload = :upload").bind("upload", upload)
                        .execute();
            }
            return fits;
        });
    }

    private static void forget(Handle handle, String tenant, long day) {
        handle.createUpdate("DELETE FROM uploads WHERE tenant = :tenant AND day < :day")
                .bind("tenant", tenant)
                .bind("day", day)
                .execute();
        // Yesterday's stay: an upload may be completed on both sides of midnight.
        handle.createUpdate("DELETE FROM upload_charges WHERE tenant = :tenant AND day < :yesterday")
                .bind("tenant", tenant)
                .bind("yesterday", day - 1)
                .execute();
    }

    /** Whether it was not charged before. Who charges the same one at once waits here until the other has ended. */
    private static boolean charge(Handle handle, String upload, String tenant, long day) {
        return handle.createUpdate("""
                INSERT INTO upload_charges (upload, tenant, day) VALUES (:upload, :tenant, :day)
                ON CONFLICT (upload) DO NOTHING""")
                .bind("upload", upload)
                .bind("tenant", tenant)
                .bind("day", day)
                .execute() == 1;
    }

    /** One statement looks and counts: two dispatchers that do so at once take turns at the row. */
    private static boolean add(Handle handle, String tenant, long day, long bytes, long most) {
        return handle.createUpdate("""
                INSERT INTO uploads (tenant, day, bytes) VALUES (:tenant, :day, :bytes)
                ON CONFLICT (tenant, day) DO UPDATE SET bytes = uploads.bytes + excluded.bytes
                WHERE uploads.bytes + excluded.bytes <= :most""")
                .bind("tenant", tenant)
                .bind("day", day)
                .bind("bytes", bytes)
                .bind("most", most)
                .execute() == 1;
    }
}
