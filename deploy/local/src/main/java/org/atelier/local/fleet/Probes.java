package org.atelier.local.fleet;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

import org.atelier.local.process.Readiness;

/** Questions that a server answers only when it does its work. */
final class Probes {
    private static final int TIMEOUT_MS = 1_000;

    /** Kafka protocol: the request that every client sends first. */
    private static final short API_VERSIONS = 18;
    private static final int CORRELATION = 7;

    private Probes() {}

    /** A GET is answered with status 200. */
    static Readiness http(URI address) {
        return () -> {
            var connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        };
    }

    /**
     * A broker tells which requests it understands. Its port is open long before it does; asking through a Kafka client
     * would be the same question after half a second of loading classes.
     */
    static Readiness kafka(int port) {
        return () -> {
            try (var socket = new Socket()) {
                socket.setSoTimeout(TIMEOUT_MS);
                socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
                askForVersions(new DataOutputStream(socket.getOutputStream()));
                return understood(new DataInputStream(socket.getInputStream()));
            }
        };
    }

    /** ApiVersionsRequest version 0: a header without client id, and no body. */
    private static void askForVersions(DataOutputStream out) throws IOException {
        out.writeInt(Short.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES);
        out.writeShort(API_VERSIONS);
        out.writeShort(0);
        out.writeInt(CORRELATION);
        out.writeShort(-1);
        out.flush();
    }

    /** ApiVersionsResponse: size, correlation id, error code 0, and more that does not matter here. */
    private static boolean understood(DataInputStream in) throws IOException {
        in.readInt();
        return in.readInt() == CORRELATION && in.readShort() == 0;
    }
}
