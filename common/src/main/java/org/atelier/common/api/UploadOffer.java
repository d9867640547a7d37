package org.atelier.common.api;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * Where a picture can be written without passing through the dispatcher.
 *
 * @param id        of the upload, which is completed when the picture was written
 * @param method    to write it with
 * @param url       to write it to; whoever has it can write there until it expires
 * @param headers   to send along
 * @param expiresAt when the address is no longer good
 */
public record UploadOffer(String id, String method, URI url, Map<String, String> headers, Instant expiresAt) {
    public UploadOffer {
        headers = Map.copyOf(headers);
    }
}
