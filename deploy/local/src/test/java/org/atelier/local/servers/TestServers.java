package org.atelier.local.servers;

import org.atelier.local.fleet.FleetOptions;

/** Broker, store and database of a test's fleet. Closed when the fleet is. */
public interface TestServers extends AutoCloseable {
    /** Property that says which: {@code containers}, or nothing for those that every build has. */
    String PROPERTY = "atelier.servers";

    /** Tag of tests that kill, freeze or restart the fleet's own servers, and so need them to be its own. */
    String OWN = "own-servers";

    /** The options of a fleet that is to use them. */
    FleetOptions with(FleetOptions options);

    @Override
    void close();

    /**
     * Those that this run of the tests was asked to use; they are ready. Where they cannot be had, the tests of the class are skipped and
     * say why.
     */
    static TestServers ofThisRun() {
        return "containers".equals(System.getProperty(PROPERTY)) ? ContainerServers.start() : new EmbeddedServers();
    }

    /** The fleet's own processes. */
    final class EmbeddedServers implements TestServers {
        @Override
        public FleetOptions with(FleetOptions options) {
            return options;
        }

        @Override
        public void close() {
            // They are processes of the fleet and end with it.
        }
    }
}
