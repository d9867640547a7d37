package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;

import org.atelier.common.store.S3ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A fleet on servers that somebody else started: what tests against real images rest on, shown where there are none. */
class GivenServersIT {
    @RegisterExtension
    static final FleetExtension OTHER = new FleetExtension();

    @Test
    void theyAreUsedAndLeftRunning() throws InterruptedException {
        var given = new FleetOptions.Servers(OTHER.fleet().broker().settings(), OTHER.fleet().store().settings());
        try (var fleet = LocalFleet.openTemporary(Installation.ofThisProcess(), FleetOptions.DEFAULT.on(given, Map.of(
                "ATELIER_DISPATCHER_NAME", "guest")))) {
            fleet.startBrokerAndStore();
            fleet.dispatcher().service().startAndAwait();

            assertThat(fleet.broker().settings()).isEqualTo(given.kafka());
            assertThat(TopicReader.records(OTHER.fleet(), "atelier.requests")).as("made by the guest").isEmpty();
            assertThatThrownBy(() -> fleet.store().service()).hasMessageContaining("not its to start or stop");
        }
        assertThat(OTHER.fleet().broker().service().process().alive()).isTrue();
        try (var store = new S3ObjectStore(given.store(), Duration.ofSeconds(10))) {
            assertThat(store.stat("nothing")).isEmpty();
        }
    }
}
