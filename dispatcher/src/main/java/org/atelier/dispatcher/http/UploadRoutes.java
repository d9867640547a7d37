package org.atelier.dispatcher.http;

import java.util.Arrays;
import java.util.stream.Collectors;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.picture.PictureHeader;
import org.atelier.common.picture.PictureHeader.Format;
import org.atelier.common.store.BlobStore;
import org.atelier.dispatcher.access.Role;

/** Images that requests name as sources: they become blobs, and their header is checked before. */
final class UploadRoutes {
    private static final String TYPES = Arrays.stream(Format.values()).map(Format::mediaType).collect(Collectors
            .joining(
                    " or "));

    private final BlobStore blobs;

    UploadRoutes(BlobStore blobs) {
        this.blobs = blobs;
    }

    void register(Routing routing) {
        routing.add(HandlerType.POST, "/v1/uploads", Role.SUBMIT, this::upload);
    }

    private void upload(Context ctx) {
        var type = Requests.mediaType(ctx);
        if (Arrays.stream(Format.values()).noneMatch(format -> format.mediaType().equals(type))) {
            throw new ProblemException(ProblemKind.UNSUPPORTED_MEDIA_TYPE, (type.isEmpty()
                    ? "The body has no Content-Type"
                    : "The body is " + type) + "; it must be " + TYPES + ".");
        }
        var bytes = Requests.bytes(ctx, PictureHeader.MAX_BYTES);
        var format = header(bytes).format();
        if (!format.mediaType().equals(type)) {
            throw new ProblemException(ProblemKind.INVALID_UPLOAD, "The body was said to be " + type + ", but is "
                    + format.mediaType() + ".");
        }
        Answers.json(ctx, HttpStatus.CREATED, blobs.put("image." + format.reader(), bytes, type));
    }

    private static PictureHeader header(byte[] bytes) {
        try {
            return PictureHeader.read(bytes);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemKind.INVALID_UPLOAD, String.valueOf(e.getMessage()));
        }
    }
}
