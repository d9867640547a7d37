package org.atelier.common.store;

import java.time.Instant;

/**
 * What a store says of an object.
 *
 * @param key          where it lies
 * @param size         number of bytes
 * @param lastModified by the store's clock
 */
public record StoredObject(String key, long size, Instant lastModified) {}
