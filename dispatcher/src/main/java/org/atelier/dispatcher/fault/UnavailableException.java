package org.atelier.dispatcher.fault;

/** Something that the dispatcher needs does not answer now. Nothing is known about whether it did what it was asked. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outage outage;

    public UnavailableException(Outage outage, String message, Throwable cause) {
        super(message, cause);
        this.outage = outage;
    }

    /** Something that is not there yet. */
    public UnavailableException(Outage outage, String message) {
        super(message);
        this.outage = outage;
    }

    /** What is away. */
    public Outage outage() {
        return outage;
    }
}
