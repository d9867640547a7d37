package org.atelier.local.fleet;

import org.atelier.local.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A fleet for the tests of one class, in a temporary folder that stays when one of them fails. Broker and store run before
 * the first test; the tests start, break and restart what they need.
 */
public final class FleetExtension implements BeforeAllCallback, AfterAllCallback, TestWatcher {
    private final FleetOptions options;
    private @Nullable TestServers servers;
    private @Nullable LocalFleet fleet;

    /** A fleet with nothing special about it. */
    public FleetExtension() {
        this(FleetOptions.DEFAULT);
    }

    /** A fleet whose dispatcher or workers have settings of their own. */
    public FleetExtension(FleetOptions options) {
        this.options = options;
    }

    /** The fleet. */
    public LocalFleet fleet() {
        if (fleet == null) {
            throw new IllegalStateException("the fleet is there while the tests of its class run");
        }
        return fleet;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        servers = TestServers.ofThisRun();
        fleet = LocalFleet.openTemporary(Installation.ofThisProcess(), servers.with(options));
        fleet.startBrokerAndStore();
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        fleet().keepData();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (fleet != null) {
            fleet.close();
        }
        if (servers != null) {
            servers.close();
        }
    }
}
