package org.atelier.dispatcher.upload;

/**
 * How many bytes each tenant brought on a day. What is lost of it with a database is a tenant's chance to bring more on that
 * day, and nothing else.
 */
public interface UploadBook {
    /** Bytes of a tenant's pictures that were taken on a day, counted in days since 1970 (UTC). */
    long taken(String tenant, long day);

    /**
     * Counts further bytes, unless they would be too many.
     *
     * @param most that may be taken on that day
     * @return whether they were counted
     */
    boolean take(String tenant, long day, long bytes, long most);
}
