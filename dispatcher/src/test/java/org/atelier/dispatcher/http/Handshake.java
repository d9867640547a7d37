package org.atelier.dispatcher.http;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A TLS handshake between two engines, without a network. */
final class Handshake {
    private static final int ROOM = 64 << 10;

    private Handshake() {}

    /** The subject of the certificate that a server of this context shows. */
    static String nameShownBy(SSLContext server) throws Exception {
        var anybody = SSLContext.getInstance("TLS");
        anybody.init(null, new TrustManager[]{new Anybody()}, null);
        var client = anybody.createSSLEngine();
        client.setUseClientMode(true);
        var serving = server.createSSLEngine();
        serving.setUseClientMode(false);
        var toServer = ByteBuffer.allocate(ROOM);
        var toClient = ByteBuffer.allocate(ROOM);
        while (client.getHandshakeStatus() != HandshakeStatus.FINISHED && !isDone(client, serving)) {
            step(client, toClient, toServer);
            step(serving, toServer, toClient);
        }
        return ((X509Certificate) client.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
    }

    private static boolean isDone(SSLEngine client, SSLEngine server) {
        return client.getSession().isValid() && client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(ROOM));
        in.compact();
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        engine.wrap(ByteBuffer.allocate(0), out);
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Who it is, is what the test asks.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
