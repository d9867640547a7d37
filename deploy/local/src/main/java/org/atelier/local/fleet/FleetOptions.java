package org.atelier.local.fleet;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.store.StoreSettings;

/**
 * What may differ from one local fleet to another.
 *
 * @param http       port of the dispatcher, where the data folder is new and it is free; 0 for any
 * @param dispatcher further variables of the dispatcher
 * @param worker     further variables of each worker
 * @param proxied    a second way into the broker; empty: there is none
 * @param servers    broker and store that run already; empty: the fleet has its own
 * @param secured    ways into its own broker for clients that say who they are; empty: there are none
 */
public record FleetOptions(
        int http,
        Map<String, String> dispatcher,
        Map<String, String> worker,
        Optional<ProxiedPort> proxied,
        Optional<Servers> servers,
        Optional<SecuredPorts> secured) {
    /**
     * Ways into the broker by TLS, where an authorizer says who may do what. The usual port is left to who sets that up.
     *
     * @param sasl   port for clients that say by SCRAM who they are
     * @param tls    port for clients whose certificates say it
     * @param folder has the broker's {@code broker.pem} and the {@code ca.crt} that it trusts
     */
    public record SecuredPorts(int sasl, int tls, Path folder) {}

    /**
     * A way into the broker for clients that are to stay behind a proxy, which may then be broken.
     *
     * @param port       where the proxy connects
     * @param advertised where the proxy listens; the broker tells it to those clients
     */
    public record ProxiedPort(int port, int advertised) {}

    /**
     * Servers that somebody else starts and stops.
     *
     * @param kafka how the broker is reached
     * @param store how the store is reached
     */
    public record Servers(KafkaSettings kafka, StoreSettings store) {}

    /** Nothing special. */
    public static final FleetOptions DEFAULT = new FleetOptions(0, Map.of(), Map.of());

    /** A broker as always. */
    public FleetOptions(int http, Map<String, String> dispatcher, Map<String, String> worker) {
        this(http, dispatcher, worker, Optional.empty());
    }

    /** Servers of its own. */
    public FleetOptions(int http, Map<String, String> dispatcher, Map<String, String> worker,
            Optional<ProxiedPort> proxied) {
        this(http, dispatcher, worker, proxied, Optional.empty(), Optional.empty());
    }

    /** A broker with ways in by TLS. */
    public FleetOptions(int http, Map<String, String> dispatcher, Map<String, String> worker, SecuredPorts secured) {
        this(http, dispatcher, worker, Optional.empty(), Optional.empty(), Optional.of(secured));
    }

    /** The same on servers that run already, with what the dispatcher has to know of its database. */
    public FleetOptions on(Servers running, Map<String, String> database) {
        var settings = new HashMap<>(dispatcher);
        settings.putAll(database);
        return new FleetOptions(http, settings, worker, Optional.empty(), Optional.of(running), Optional
                .empty());
    }

    public FleetOptions {
        dispatcher = Map.copyOf(dispatcher);
        worker = Map.copyOf(worker);
    }
}
