package org.atelier.dispatcher.upload;

/**
 * How many bytes each tenant brought on a day. What is lost of it with a database is a tenant's chance to bring more on that
 * day, and nothing else.
 */
public interface UploadBook {
    /** Bytes of a tenant's pictures that were taken on a day, counted in days since 1970 (UTC). */
    long taken(String tenant, long day);

    /**
     * Counts the bytes of an upload, unless they would be too many. One that is counted already stays counted once.
     *
     * @param upload its name, unique among all tenants'
     * @param most   that may be taken on that day
     * @return whether they are counted
     */
    boolean take(String upload, String tenant, long day, long bytes, long most);
}
