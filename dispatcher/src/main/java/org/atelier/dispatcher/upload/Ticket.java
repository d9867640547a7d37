package org.atelier.dispatcher.upload;

import java.time.Instant;

import org.atelier.common.artifact.Digest;
import org.atelier.common.picture.PictureHeader.Format;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may write into the store, kept there until it has been.
 *
 * @param id        of the upload
 * @param format    that was announced
 * @param size      that was announced, in bytes
 * @param digest    that was announced; absent: any
 * @param actor     who announced it
 * @param expiresAt when its address is no longer good, by the dispatcher's clock
 */
record Ticket(String id, Format format, long size, @Nullable Digest digest, String actor, Instant expiresAt) {}
