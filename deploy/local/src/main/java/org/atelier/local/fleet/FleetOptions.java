package org.atelier.local.fleet;

import java.util.Map;
import java.util.Optional;

/**
 * What may differ from one local fleet to another.
 *
 * @param http       port of the dispatcher, where the data folder is new and it is free; 0 for any
 * @param dispatcher further variables of the dispatcher
 * @param worker     further variables of each worker
 * @param proxied    a second way into the broker; empty: there is none
 */
public record FleetOptions(
        int http,
        Map<String, String> dispatcher,
        Map<String, String> worker,
        Optional<ProxiedPort> proxied) {
    /**
     * A way into the broker for clients that are to stay behind a proxy, which may then be broken.
     *
     * @param port       where the proxy connects
     * @param advertised where the proxy listens; the broker tells it to those clients
     */
    public record ProxiedPort(int port, int advertised) {}

    /** Nothing special. */
    public static final FleetOptions DEFAULT = new FleetOptions(0, Map.of(), Map.of());

    /** A broker as always. */
    public FleetOptions(int http, Map<String, String> dispatcher, Map<String, String> worker) {
        this(http, dispatcher, worker, Optional.empty());
    }

    public FleetOptions {
        dispatcher = Map.copyOf(dispatcher);
        worker = Map.copyOf(worker);
    }
}
