package org.atelier.common.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.atelier.common.job.JobId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleLimitTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";

    private ServerSocket server;
    private CompletableFuture<Socket> accepted;

    /** Begins an answer and says nothing more, as a machine without power does. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        accepted = CompletableFuture.supplyAsync(() -> {
            try {
                var socket = server.accept();
                socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return socket;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        accepted.handle((socket, nobodyCame) -> Optional.ofNullable(socket)).join().ifPresent(IdleLimitTest::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ApiConnection connection() {
        return new ApiConnection(URI.create("http://127.0.0.1:" + server.getLocalPort()), Optional.empty(), HttpClient
                .newBuilder(), SHORT);
    }

    @Test
    void anAnswerThatStopsInItsMiddleIsAnOutage() {
        try (var api = connection()) {
            assertThatThrownBy(() -> api.get("/v1/jobs")).isInstanceOf(UnreachableException.class)
                    .hasStackTraceContaining("nothing came for");
        }
    }

    @Test
    void soIsAnEventStream() throws Exception {
        try (var api = connection(); var events = api.events(new JobId("job-1"), Optional.empty())) {
            assertThat(events.read()).isEqualTo('{');
            assertThatThrownBy(events::read).isInstanceOf(IOException.class).hasMessageContaining("nothing came for");
        }
    }

    @Test
    void whatComesIsNotTouched() throws IOException {
        var bytes = "as it is".getBytes(StandardCharsets.UTF_8);
        try (var in = new IdleLimit(new ByteArrayInputStream(bytes), SHORT)) {
            assertThat(in.read()).isEqualTo('a');
            assertThat(in.readAllBytes()).isEqualTo("s it is".getBytes(StandardCharsets.UTF_8));
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void otherFailuresStayWhatTheyAre() throws IOException {
        try (var in = new IdleLimit(new PipedInputStream(), Duration.ofMinutes(1))) {
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageNotContaining("nothing came");
        }
    }
}
