package org.atelier.dispatcher.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import org.atelier.common.bundle.BundleCatalog;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantBundlesTest {
    private static final Principal ALICE = new Principal("a", "alice");
    private static final Principal BOB = new Principal("b", "bob");

    @TempDir
    private Path folder;

    private Fleet fleet;
    private TenantBundles bundles;
    /** Another dispatcher's. */
    private TenantBundles others;

    @BeforeEach
    void open() {
        fleet = new Fleet(folder);
        Intakes.over(fleet);
        bundles = new TenantBundles(new BundleCatalog(fleet.store), fleet.store, Duration.ofSeconds(1),
                fleet.time::nanos);
        others = new TenantBundles(new BundleCatalog(fleet.store), fleet.store);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void anAnswerHoldsForItsTime() {
        assertThat(bundles.find(BOB, "avatar-128")).isPresent();
        others.share("avatar-128", Set.of("a"));

        assertThat(bundles.find(BOB, "avatar-128")).as("asked a moment ago").isPresent();
        fleet.time.pass(Duration.ofSeconds(1));
        assertThat(bundles.find(BOB, "avatar-128")).isEmpty();
        assertThat(bundles.find(ALICE, "avatar-128")).isPresent();
    }

    @Test
    void whatWasSharedHereIsSharedAtOnce() {
        assertThat(bundles.find(BOB, "avatar-128@3")).isPresent();
        bundles.share("avatar-128", Set.of("a"));
        assertThat(bundles.find(BOB, "avatar-128@3")).isEmpty();

        bundles.share("avatar-128", Set.of());
        assertThat(bundles.find(BOB, "avatar-128@3")).isPresent();
    }

    @Test
    void whatWasNotThereIsFoundAsSoonAsItIs() {
        assertThat(bundles.find(BOB, "another")).isEmpty();
        var card = fleet.store.get("bundles/avatar-128/3/bundle.json").orElseThrow();
        fleet.store.put("bundles/another/1/bundle.json", card, "application/json");
        assertThat(bundles.find(BOB, "another")).isPresent();
    }
}
