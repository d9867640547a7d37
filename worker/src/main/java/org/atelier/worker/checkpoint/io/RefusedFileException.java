package org.atelier.worker.checkpoint.io;

import org.jspecify.annotations.Nullable;

/**
 * A file that is not read: it is damaged, hostile, or of another kind. The message says what was found and what to do.
 */
public final class RefusedFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a file is refused: a closed set, so that callers can choose advice by it. */
    public enum Reason {
        /** The file has no bytes. */
        EMPTY,
        /** A web page, or an error document of a download service, saved under the name of the weights. */
        WEB_PAGE,
        /** A git-lfs pointer: a few lines of text that stand for the file. */
        GIT_LFS_POINTER,
        /** The file ends before what it announces. */
        TRUNCATED,
        /** A known format that holds no weights, or none that Atelier reads. */
        OTHER_FORMAT,
        /** Networks of the TensorFlow releases of StyleGAN and StyleGAN2. */
        TENSORFLOW_PICKLE,
        /** A network of StyleGAN-XL. */
        STYLEGAN_XL,
        /** A pickle names a function or class that weights do not need. */
        FORBIDDEN_GLOBAL,
        /** A pickle uses an instruction that weights do not need. */
        FORBIDDEN_OPCODE,
        /** The file contradicts itself or its format. */
        MALFORMED,
        /** The file would take more memory or time than any published file needs. */
        OVER_LIMIT,
        /** Well formed, but of a variant that Atelier does not read. */
        UNSUPPORTED,
        /** The file was read and holds no tensor at all. */
        NO_TENSORS,
        /** The file was read, and some of its weights are NaN or infinite. */
        NOT_FINITE
    }

    private final Reason reason;

    /** @param message what was found, where, and what to do about it */
    public RefusedFileException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** @param cause what it follows from */
    public RefusedFileException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the file is refused. */
    public Reason reason() {
        return reason;
    }

    /** The same refusal with a place before its message, such as the name of the file. */
    public RefusedFileException in(String place) {
        return new RefusedFileException(reason, place + ": " + getMessage(), this);
    }
}
