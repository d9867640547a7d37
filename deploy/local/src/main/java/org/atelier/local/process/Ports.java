package org.atelier.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Ports of the loopback interface that nobody listens on. */
public final class Ports {
    /**
     * Below the range from which systems take the ports of outgoing connections (Linux from 32768, others from 49152): a
     * port that is free now could otherwise be taken a moment later, or at the next start, by any client.
     */
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 31_999;

    private final RandomGenerator random;

    /** @param random chooses, so that two processes that look at once rarely find the same */
    public Ports(RandomGenerator random) {
        this.random = random;
    }

    /** Different free ports. They are not reserved: whoever wants them takes them soon. */
    public List<Integer> free(int count) {
        var ports = new ArrayList<Integer>();
        while (ports.size() < count) {
            int candidate = random.nextInt(LOWEST, HIGHEST + 1);
            if (!ports.contains(candidate) && isFree(candidate)) {
                ports.add(candidate);
            }
        }
        return ports;
    }

    /** Whether nobody listens on a port. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("no port of the loopback interface can be opened", e);
        }
    }
}
