package org.atelier.dispatcher.access;

import java.util.regex.Pattern;

/**
 * Somebody who asks for something, over HTTP or as the producer of a record. Every decision about a job takes one, so
 * that knowing who it is remains a matter of the edge alone.
 *
 * @param tenant whose jobs it may see
 * @param actor  what it is called in documents and audit
 * @param role   what it may do
 */
public record Principal(String tenant, String actor, Role role) {
    /** What a tenant's name looks like: it is part of store keys. */
    public static final String TENANT = "[a-z0-9][a-z0-9-]{0,62}";

    private static final Pattern TENANT_SHAPE = Pattern.compile(TENANT);

    /** Everybody, as long as nobody is asked for a name: the dispatcher then listens on the loopback interface only. */
    public static final Principal ANONYMOUS = new Principal("default", "anonymous", Role.ADMIN);

    /**
     * Whoever wrote a record of the requests topic, where Kafka's own rules say who may. For a job that is in the store the
     * record says only that it is there: whose it is, the store says.
     */
    public static final Principal PRODUCER = new Principal(ANONYMOUS.tenant, "producer");

    /** Whoever wrote a record of a tenant's own requests topic. */
    public static Principal producerOf(String tenant) {
        return new Principal(tenant, PRODUCER.actor);
    }

    public Principal {
        if (!isTenant(tenant)) {
            throw new IllegalArgumentException("a tenant's name has up to 63 characters of a-z, 0-9 and -: \"" + tenant
                    + '"');
        }
    }

    /** Somebody who may submit. */
    public Principal(String tenant, String actor) {
        this(tenant, actor, Role.SUBMIT);
    }

    /** Whether a tenant may be called so. */
    public static boolean isTenant(String name) {
        return TENANT_SHAPE.matcher(name).matches();
    }
}
