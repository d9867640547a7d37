package org.atelier.common.event;

/** An event could not be made durable; whether it was written is unknown. */
public final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PublishException(String topic, Throwable cause) {
        super("an event could not be written to " + topic + " (" + cause.getMessage() + ")", cause);
    }
}
