package org.atelier.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void portsAreDifferentAndOutsideTheRangeOfOutgoingConnections() {
        var ports = new Ports(RandomGenerator.getDefault()).free(50);

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 15_000 && port < 32_000);
    }

    @Test
    void portThatIsListenedOnIsNotFree() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(Ports.isFree(port)).isFalse();
        }
        assertThat(Ports.isFree(port)).isTrue();
    }
}
