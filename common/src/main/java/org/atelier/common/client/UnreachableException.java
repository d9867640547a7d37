package org.atelier.common.client;

import java.net.ConnectException;
import java.net.URI;

/** No dispatcher answers at this address. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(URI dispatcher, Throwable cause) {
        super("No dispatcher answers at " + dispatcher + " (" + reason(cause) + ")", cause);
    }

    /** The JDK's client says nothing about the commonest reason. */
    private static String reason(Throwable cause) {
        return cause instanceof ConnectException ? "nothing listens there" : cause.toString();
    }
}
