package org.atelier.worker.job.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.junit.jupiter.api.Test;

class ResidentNetworksTest {
    /** A device with room for so many bundles. */
    private static final class Device {
        private final int room;
        private final List<String> opened = new ArrayList<>();
        private final List<String> resident = new ArrayList<>();

        Device(int room) {
            this.room = room;
        }

        AutoCloseable open(LocalBundle bundle) {
            if (resident.size() == room) {
                throw new IllegalStateException("the engine failed", new IllegalStateException("CUDA out of memory"));
            }
            var name = bundle.card().name();
            opened.add(name);
            resident.add(name);
            return () -> resident.remove(name);
        }
    }

    private static LocalBundle bundle(String name) {
        var generator = new NetworkCard("stylegan2", "generator.safetensors", "0".repeat(64), JsonNodeFactory.instance
                .objectNode(), null, null, null);
        return new LocalBundle(new BundleCard(name, "1", "", "", generator, null, Map.of(), null, null, null, null,
                null,
                null,
                JsonNodeFactory.instance.objectNode()), Path.of(name));
    }

    private static void use(ResidentNetworks<?> networks, String name) {
        networks.take(bundle(name)).close();
    }

    @Test
    void hotOnesStayAndTheLeastUsedLeaves() {
        var device = new Device(9);
        try (var networks = new ResidentNetworks<>(device::open, 2)) {
            use(networks, "a");
            use(networks, "b");
            use(networks, "a");
            use(networks, "c");

            assertThat(device.opened).containsExactly("a", "b", "c");
            assertThat(device.resident).containsExactlyInAnyOrder("a", "c");
        }
        assertThat(device.resident).isEmpty();
    }

    @Test
    void idleOnesMakeRoomWhenTheDeviceRunsShort() {
        var device = new Device(2);
        try (var networks = new ResidentNetworks<>(device::open, 5)) {
            use(networks, "a");
            use(networks, "b");
            use(networks, "c");

            assertThat(device.resident).containsExactly("b", "c");
            assertThat(networks.dropLeastUsed()).isTrue();
            assertThat(device.resident).containsExactly("c");
        }
    }

    @Test
    void whatAJobUsesStaysWhateverHappens() {
        var device = new Device(1);
        try (var networks = new ResidentNetworks<>(device::open, 0)) {
            var lease = networks.take(bundle("a"));

            assertThatThrownBy(() -> networks.take(bundle("b"))).hasRootCauseMessage("CUDA out of memory");
            assertThat(networks.dropLeastUsed()).isFalse();
            assertThat(device.resident).containsExactly("a");

            lease.close();
            lease.close();
            use(networks, "b");
            assertThat(device.opened).containsExactly("a", "b");
        }
    }
}
