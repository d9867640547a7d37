package org.atelier.dispatcher.http;

import io.javalin.http.HttpStatus;

/** The kinds of errors that the API knows. A kind's name is stable: programs tell errors apart by it. */
enum ProblemKind {
    /** The body cannot be read. */
    INVALID_JSON("invalid-json", "The body is no JSON", HttpStatus.BAD_REQUEST),
    /** A parameter or header. */
    INVALID_PARAMETER("invalid-parameter", "A part of the request is not as it should be", HttpStatus.BAD_REQUEST),
    /** Its violations say why. */
    INVALID_SUBMISSION("invalid-submission", "The submission cannot become a job", HttpStatus.UNPROCESSABLE_CONTENT),
    /** Its violations say why. */
    INVALID_BODY("invalid-body", "The body is not as it should be", HttpStatus.UNPROCESSABLE_CONTENT),
    /** It is too large, or not what it was said to be. */
    INVALID_UPLOAD("invalid-upload", "What was uploaded cannot be used", HttpStatus.UNPROCESSABLE_CONTENT),
    /** It came too late, or too early. */
    CONFLICT("conflict", "The state of the job does not allow it", HttpStatus.CONFLICT),
    /** Ids and keys are for one request. */
    ID_TAKEN("id-taken", "Another request has this id", HttpStatus.CONFLICT),
    /** Ids are not used twice. */
    ERASED("erased", "The job was erased", HttpStatus.GONE),
    /** Later there will be. */
    TOO_MANY("too-many", "There is no room for more now", HttpStatus.TOO_MANY_REQUESTS),
    /** Bodies are bounded. */
    TOO_LARGE("too-large", "The body is too large", HttpStatus.CONTENT_TOO_LARGE),
    /** Bodies are JSON. */
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", "The body has a type that is not taken",
            HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    /** A token is missing or not good. */
    UNAUTHENTICATED("unauthenticated", "It is not known who asks", HttpStatus.UNAUTHORIZED),
    /** The token is good, for less. */
    FORBIDDEN("forbidden", "The role does not allow it", HttpStatus.FORBIDDEN),
    /** None that the caller may see. */
    UNKNOWN_JOB("unknown-job", "There is no such job", HttpStatus.NOT_FOUND),
    /** None that the caller may use. */
    UNKNOWN_BUNDLE("unknown-bundle", "There is no such bundle", HttpStatus.NOT_FOUND),
    /** Or not yet. */
    UNKNOWN_ARTIFACT("unknown-artifact", "The job has no such artifact", HttpStatus.NOT_FOUND),
    /** It may have been revoked before. */
    UNKNOWN_TOKEN("unknown-token", "There is no such token", HttpStatus.NOT_FOUND),
    /** None of the caller's tenant. */
    UNKNOWN_WEBHOOK("unknown-webhook", "There is no such webhook", HttpStatus.NOT_FOUND),
    /** Nothing was written to its address. */
    UNKNOWN_UPLOAD("unknown-upload", "There is no such upload", HttpStatus.NOT_FOUND),
    /** None of the caller. */
    UNKNOWN_REPLAY("unknown-replay", "There is no such replay", HttpStatus.NOT_FOUND),
    /** None of the caller. */
    UNKNOWN_ERASURE("unknown-erasure", "There is no such erasure", HttpStatus.NOT_FOUND),
    /** Reports are kept for a month. */
    UNKNOWN_COLLECTION("unknown-collection", "There is no such garbage collection", HttpStatus.NOT_FOUND),
    /** The setting of pools names them. */
    UNKNOWN_POOL("unknown-pool", "There is no such pool", HttpStatus.NOT_FOUND),
    /** It is not part of the API. */
    UNKNOWN_PATH("unknown-path", "There is nothing at this path", HttpStatus.NOT_FOUND),
    /** It takes others. */
    METHOD_NOT_ALLOWED("method-not-allowed", "The path does not take this method", HttpStatus.METHOD_NOT_ALLOWED),
    /** The same request will be good later. */
    UNAVAILABLE("unavailable", "Something that is needed does not answer", HttpStatus.SERVICE_UNAVAILABLE),
    /** There are several dispatchers, and another knows. */
    NOT_LEADING("not-leading", "Another dispatcher leads", HttpStatus.SERVICE_UNAVAILABLE),
    /** The HTTP server itself refused it. */
    OTHER("http", "The request was refused", HttpStatus.BAD_REQUEST),
    /** It is in the log. */
    INTERNAL("internal", "A defect of the dispatcher", HttpStatus.INTERNAL_SERVER_ERROR);

    private static final String PREFIX = "urn:atelier:problem:";

    private final String kind;
    private final String title;
    private final HttpStatus status;

    ProblemKind(String kind, String title, HttpStatus status) {
        this.kind = kind;
        this.title = title;
        this.status = status;
    }

    String type() {
        return PREFIX + kind;
    }

    String title() {
        return title;
    }

    int status() {
        return status.getCode();
    }
}
