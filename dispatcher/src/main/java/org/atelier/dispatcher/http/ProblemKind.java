package org.atelier.dispatcher.http;

import io.javalin.http.HttpStatus;

/** The kinds of errors that the API knows. A kind's name is stable: programs tell errors apart by it. */
enum ProblemKind {
    UNKNOWN_REPLAY("unknown-replay", "There is no such replay", HttpStatus.NOT_FOUND), TOO_MANY("too-many",
            "There is no room for more now", HttpStatus.TOO_MANY_REQUESTS), INVALID_JSON("invalid-json",
                    "The body is no JSON", HttpStatus.BAD_REQUEST), INVALID_PARAMETER("invalid-parameter",
                            "A part of the request is not as it should be", HttpStatus.BAD_REQUEST), INVALID_SUBMISSION(
                                    "invalid-submission", "The submission cannot become a job",
                                    HttpStatus.UNPROCESSABLE_CONTENT), CONFLICT("conflict",
                                            "The state of the job does not allow it",
                                            HttpStatus.CONFLICT), ID_TAKEN("id-taken", "Another request has this id",
                                                    HttpStatus.CONFLICT), TOO_LARGE("too-large",
                                                            "The body is too large",
                                                            HttpStatus.CONTENT_TOO_LARGE), UNSUPPORTED_MEDIA_TYPE(
                                                                    "unsupported-media-type",
                                                                    "The body has a type that is not taken",
                                                                    HttpStatus.UNSUPPORTED_MEDIA_TYPE), UNKNOWN_JOB(
                                                                            "unknown-job",
                                                                            "There is no such job",
                                                                            HttpStatus.NOT_FOUND), UNKNOWN_BUNDLE(
                                                                                    "unknown-bundle",
                                                                                    "There is no such bundle",
                                                                                    HttpStatus.NOT_FOUND), UNKNOWN_ARTIFACT(
                                                                                            "unknown-artifact",
                                                                                            "The job has no such artifact",
                                                                                            HttpStatus.NOT_FOUND), UNKNOWN_PATH(
                                                                                                    "unknown-path",
                                                                                                    "There is nothing at this path",
                                                                                                    HttpStatus.NOT_FOUND), METHOD_NOT_ALLOWED(
                                                                                                            "method-not-allowed",
                                                                                                            "The path does not take this method",
                                                                                                            HttpStatus.METHOD_NOT_ALLOWED), UNAVAILABLE(
                                                                                                                    "unavailable",
                                                                                                                    "Something that is needed does not answer",
                                                                                                                    HttpStatus.SERVICE_UNAVAILABLE), OTHER(
                                                                                                                            "http",
                                                                                                                            "The request was refused",
                                                                                                                            HttpStatus.BAD_REQUEST), INTERNAL(
                                                                                                                                    "internal",
                                                                                                                                    "A defect of the dispatcher",
                                                                                                                                    HttpStatus.INTERNAL_SERVER_ERROR);

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
