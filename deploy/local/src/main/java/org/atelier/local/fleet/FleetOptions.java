package org.atelier.local.fleet;

import java.util.Map;

/**
 * What may differ from one local fleet to another.
 *
 * @param http       port of the dispatcher, where the data folder is new and it is free; 0 for any
 * @param dispatcher further variables of the dispatcher
 * @param worker     further variables of each worker
 */
public record FleetOptions(int http, Map<String, String> dispatcher, Map<String, String> worker) {
    /** Nothing special. */
    public static final FleetOptions DEFAULT = new FleetOptions(0, Map.of(), Map.of());

    public FleetOptions {
        dispatcher = Map.copyOf(dispatcher);
        worker = Map.copyOf(worker);
    }
}
