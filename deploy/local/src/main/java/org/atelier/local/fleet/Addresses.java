package org.atelier.local.fleet;

/**
 * Where the parts of a fleet listen and how to be let in. Chosen once for a data folder and kept in it.
 *
 * @param broker     port of the broker
 * @param controller port of the broker's controller
 * @param store      port of the store
 * @param http       port of the dispatcher
 * @param accessKey  of the store
 * @param secretKey  of the store
 */
record Addresses(int broker, int controller, int store, int http, String accessKey, String secretKey) {
    /** Secrets stay out of logs and messages. */
    @Override
    public String toString() {
        return "broker " + broker + ", controller " + controller + ", store " + store + ", http " + http;
    }
}
