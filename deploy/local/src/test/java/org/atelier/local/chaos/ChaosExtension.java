package org.atelier.local.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import org.atelier.local.fleet.Installation;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** A fleet for the tests of one class that break it, and a stream of jobs. Its folder stays when a test fails. */
final class ChaosExtension implements BeforeAllCallback, AfterAllCallback, TestWatcher {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ChaosOptions options;
    private @Nullable ChaosFleet fleet;
    private @Nullable ChaosRun run;

    ChaosExtension(ChaosOptions options) {
        this.options = options;
    }

    ChaosFleet fleet() {
        return present(fleet);
    }

    ChaosRun run() {
        return present(run);
    }

    private static <T> T present(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the fleet is there while the tests of its class run");
        }
        return part;
    }

    /** Waits until a worker computes something. */
    void awaitWork() {
        var now = Instant.now();
        Awaitility.await().atMost(LONG).until(() -> run().hasWorked(now));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        fleet = ChaosFleet.open(Installation.ofThisProcess(), options);
        fleet.start();
        run = new ChaosRun(fleet, context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        fleet().keepData();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (run != null) {
            run.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }
}
