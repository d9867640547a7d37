package org.atelier.common.event;

import org.jspecify.annotations.Nullable;

/** An event could not be made durable; whether it was written is unknown. */
public final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PublishException(String topic, Throwable cause) {
        this(topic, String.valueOf(cause.getMessage()), cause);
    }

    /** @param reason in words, with what to do if anything helps */
    public PublishException(String topic, @Nullable String reason, Throwable cause) {
        super("an event could not be written to " + topic + " (" + reason + ")", cause);
    }
}
