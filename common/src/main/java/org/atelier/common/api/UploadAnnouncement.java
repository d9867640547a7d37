package org.atelier.common.api;

import org.atelier.common.artifact.Digest;
import org.atelier.common.picture.PictureHeader;
import org.jspecify.annotations.Nullable;

/**
 * A picture that somebody is about to write into the store by itself.
 *
 * @param mediaType {@code image/png} or {@code image/jpeg}
 * @param size      of the file in bytes, at most {@link PictureHeader#MAX_BYTES}
 * @param digest    of the file; absent: it is not checked
 */
public record UploadAnnouncement(String mediaType, long size, @Nullable Digest digest) {}
