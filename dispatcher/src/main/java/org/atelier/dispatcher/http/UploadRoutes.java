package org.atelier.dispatcher.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.api.UploadOffer;
import org.atelier.common.artifact.Digest;
import org.atelier.common.picture.PictureHeader;
import org.atelier.common.picture.PictureHeader.Format;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.upload.UploadException;
import org.atelier.dispatcher.upload.Uploads;
import org.jspecify.annotations.Nullable;

/** Images that requests name as sources: sent here, or written into the store and completed here. */
final class UploadRoutes {
    private static final String UPLOADS = "/v1/uploads";
    private static final String TYPES = Arrays.stream(Format.values()).map(Format::mediaType).collect(Collectors
            .joining(
                    " or "));

    private final Uploads uploads;

    UploadRoutes(Uploads uploads) {
        this.uploads = uploads;
    }

    /** What is asked for. */
    private record Announced(@Nullable String mediaType, @Nullable Long size, @Nullable String digest) {}

    void register(Routing routing) {
        routing.add(HandlerType.POST, UPLOADS, Role.SUBMIT, this::upload);
        routing.add(HandlerType.POST, UPLOADS + "/presigned", Role.SUBMIT, this::offer);
        routing.add(HandlerType.POST, UPLOADS + "/{id}/complete", Role.SUBMIT, this::complete);
    }

    private void upload(Context ctx) {
        var type = Requests.mediaType(ctx);
        var format = format(type).orElseThrow(() -> new ProblemException(ProblemKind.UNSUPPORTED_MEDIA_TYPE, (type
                .isEmpty()
                        ? "The body has no Content-Type"
                        : "The body is " + type) + "; it must be " + TYPES + "."));
        var bytes = Requests.bytes(ctx, PictureHeader.MAX_BYTES);
        Answers.json(ctx, HttpStatus.CREATED, answered(() -> uploads.take(Principals.of(ctx), bytes, format)));
    }

    private void offer(Context ctx) {
        Answers.json(ctx, HttpStatus.CREATED, offered(Principals.of(ctx), Requests.bind(ctx, Announced.class)));
    }

    private void complete(Context ctx) {
        var id = ctx.pathParam("id");
        Answers.json(ctx, HttpStatus.OK, answered(() -> uploads.complete(Principals.of(ctx), id)));
    }

    private UploadOffer offered(Principal who, Announced body) {
        var violations = new ArrayList<Violation>();
        var format = Optional.ofNullable(body.mediaType()).flatMap(UploadRoutes::format);
        if (format.isEmpty()) {
            violations.add(new Violation("/media_type", "must be " + TYPES));
        }
        if (body.size() == null || body.size() < 1 || body.size() > PictureHeader.MAX_BYTES) {
            violations.add(new Violation("/size", "must be the file's bytes, 1 to " + PictureHeader.MAX_BYTES));
        }
        var digest = Optional.ofNullable(body.digest()).flatMap(text -> Requests.part(violations, "/digest",
                Digest::parse, text));
        if (!violations.isEmpty()) {
            throw Requests.invalid(violations);
        }
        return answered(() -> uploads.offer(who, format.orElseThrow(), body.size(), digest));
    }

    private static Optional<Format> format(String mediaType) {
        return Arrays.stream(Format.values()).filter(format -> format.mediaType().equals(mediaType)).findFirst();
    }

    private static <T> T answered(Supplier<T> step) {
        try {
            return step.get();
        } catch (UploadException e) {
            throw new ProblemException(switch (e.reason()) {
                case UNKNOWN -> ProblemKind.UNKNOWN_UPLOAD;
                case NOT_WRITTEN -> ProblemKind.CONFLICT;
                case UNFIT -> ProblemKind.INVALID_UPLOAD;
                case TOO_MUCH -> ProblemKind.TOO_MANY;
            }, String.valueOf(e.getMessage()));
        }
    }
}
