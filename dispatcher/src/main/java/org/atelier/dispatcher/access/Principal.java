package org.atelier.dispatcher.access;

/**
 * Somebody who asks for something, over HTTP or as the producer of a record. Every decision about a job takes one, so
 * that knowing who it is remains a matter of the edge alone.
 *
 * @param tenant whose jobs it may see
 * @param actor  what it is called in documents and audit
 */
public record Principal(String tenant, String actor) {
    /** Everybody, as long as nobody is asked for a name: the dispatcher listens on the loopback interface by default. */
    public static final Principal ANONYMOUS = new Principal("default", "anonymous");
}
