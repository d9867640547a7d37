package org.atelier.dispatcher.upload;

/** A picture is not taken; the message says why, and what to do. */
public final class UploadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** There is no such upload of the tenant, or none any more. */
        UNKNOWN,
        /** Nothing was written to its address yet. */
        NOT_WRITTEN,
        /** It is no picture, too large, or not what was announced. */
        UNFIT,
        /** The tenant has brought, or is about to bring, as much as it may. */
        TOO_MUCH
    }

    private final Reason reason;

    UploadException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
