package org.atelier.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import org.atelier.chaos.proxy.LinkFault.BadHttp;
import org.atelier.chaos.proxy.LinkFault.BlackHole;
import org.atelier.chaos.proxy.LinkFault.Direction;
import org.atelier.chaos.proxy.LinkFault.HttpFault;
import org.atelier.chaos.proxy.LinkFault.Late;
import org.atelier.chaos.proxy.LinkFault.OneWay;
import org.atelier.chaos.proxy.LinkFault.Reset;
import org.atelier.chaos.proxy.LinkFault.Slow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    /** Long enough for what should not arrive to arrive. */
    private static final int SILENCE_MS = 200;
    private static final int PATIENCE_MS = 20_000;

    private final Link link = Link.open("test", 1);
    private ServerSocket echo;
    private HttpServer http;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::serve);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        link.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        echo.close();
        http.stop(0);
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                var socket = echo.accept();
                Thread.ofPlatform().daemon().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        assertThat(e).isInstanceOf(SocketException.class);
                    }
                });
            } catch (IOException e) {
                assertThat(echo.isClosed()).isTrue();
            }
        }
    }

    private Socket client() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void say(Socket socket) throws IOException {
        socket.getOutputStream().write(HELLO);
    }

    private static byte[] hear(Socket socket) throws IOException {
        var heard = new byte[HELLO.length];
        new DataInputStream(socket.getInputStream()).readFully(heard);
        return heard;
    }

    @Test
    void aWholeLinkCarriesEverythingAndItsEnd() throws IOException {
        try (var socket = client()) {
            say(socket);
            assertThat(hear(socket)).isEqualTo(HELLO);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aResetEndsWhatIsOpenAndWhatComes() throws IOException {
        try (var socket = client()) {
            say(socket);
            hear(socket);
            link.set(new Reset());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> {
            try (var next = client()) {
                say(next);
                hear(next);
            }
        }).isInstanceOf(SocketException.class);

        link.mend();
        try (var last = client()) {
            say(last);
            assertThat(hear(last)).isEqualTo(HELLO);
        }
    }

    @Test
    void whatABlackHoleHoldsArrivesAfterIt() throws IOException {
        try (var socket = client()) {
            say(socket);
            hear(socket);
            link.set(new BlackHole());
            say(socket);
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> hear(socket)).isInstanceOf(SocketTimeoutException.class);

            link.mend();
            socket.setSoTimeout(PATIENCE_MS);
            assertThat(hear(socket)).isEqualTo(HELLO);
        }
    }

    @Test
    void oneWayLosesOneDirectionOnly() throws IOException {
        try (var socket = client()) {
            link.set(new OneWay(Direction.TO_CLIENT));
            say(socket);
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> hear(socket)).isInstanceOf(SocketTimeoutException.class);
            link.set(new OneWay(Direction.TO_SERVER));
            socket.setSoTimeout(PATIENCE_MS);
            assertThat(hear(socket)).as("the server had heard it").isEqualTo(HELLO);
        }
    }

    @Test
    void lateAndSlowChangeNoByte() throws IOException {
        for (var fault : List.of(new Late(Duration.ofMillis(5), Duration.ofMillis(5)), new Slow(1_000))) {
            link.set(fault);
            try (var socket = client()) {
                say(socket);
                assertThat(hear(socket)).as(fault.toString()).isEqualTo(HELLO);
            }
        }
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        link.to(http.getAddress().getPort());
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + link.port() + "/"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .timeout(Duration.ofMillis(PATIENCE_MS))
                    .POST(BodyPublishers.ofString(body))
                    .build(), BodyHandlers.ofString());
        }
    }

    @Test
    void httpThatPassesIsAsItWas() throws Exception {
        link.set(new BadHttp(0, List.of(HttpFault.ERROR)));
        var answer = post("ping".repeat(50_000));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ping".repeat(50_000));
    }

    @Test
    void httpGoesWrongAsAsked() throws Exception {
        link.set(new BadHttp(1, List.of(HttpFault.ERROR)));
        assertThat(post("ping").statusCode()).isEqualTo(500);

        link.set(new BadHttp(1, List.of(HttpFault.TRUNCATED)));
        assertThatThrownBy(() -> post("ping")).isInstanceOf(IOException.class);

        assertThatThrownBy(() -> post("")).as("an answer without a body").isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerThatStallsKeepsItsConnection() throws IOException {
        link.to(http.getAddress().getPort()).set(new BadHttp(1, List.of(HttpFault.STALLED)));
        try (var socket = client()) {
            socket.getOutputStream().write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nping".getBytes(
                    StandardCharsets.US_ASCII));
            var status = new byte["HTTP/1.1 200 OK".length()];
            new DataInputStream(socket.getInputStream()).readFully(status);
            assertThat(status).asString().isEqualTo("HTTP/1.1 200 OK");
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketTimeoutException.class);

            link.mend();
            socket.setSoTimeout(PATIENCE_MS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }
}
