package org.atelier.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.atelier.common.config.Secret;
import org.atelier.common.error.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be told without a store: how a client behaves towards one that does not answer as it should. */
@Timeout(60)
class S3ObjectStoreTest {
    private static StoreSettings settings(int port) {
        var endpoint = URI.create("http://127.0.0.1:" + port);
        return new StoreSettings(endpoint, endpoint, "us-east-1", "bucket", new Secret("a"), new Secret("s"));
    }

    @Test
    void anImpatientClientDoesNotWaitForAStoreThatTrickles() throws Exception {
        var over = new CountDownLatch(1);
        try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var store = S3ObjectStore.impatient(settings(server.getLocalPort()), Duration.ofMillis(500))) {
            var thread = new Thread(() -> trickle(server, over), "trickling store");
            thread.start();

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.put("key", new byte[]{1}, "text/plain"))
                    .extracting(StoreException::category)
                    .isEqualTo(ErrorCategory.STORAGE_UNAVAILABLE);
            over.countDown();
            thread.join();
        }
        assertThat(over.getCount()).isZero();
    }

    /** Answers a byte of a header at a time: there is never a silence, and never an end. */
    private static void trickle(ServerSocket server, CountDownLatch over) {
        try (Socket socket = server.accept(); var out = socket.getOutputStream()) {
            out.write("HTTP/1.1 200 OK\r\nx-slow: ".getBytes(StandardCharsets.US_ASCII));
            while (!over.await(50, TimeUnit.MILLISECONDS)) {
                out.write('a');
                out.flush();
            }
        } catch (IOException e) {
            // The client hung up, which is what is wanted; or the test is over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStoreThatIsNotThereIsSaidToBeUnreachable() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        try (var store = new S3ObjectStore(settings(port), Duration.ofSeconds(5))) {
            for (var call : List.<ThrowingCallable>of(
                    () -> store.get("key"),
                    () -> store.open("key"),
                    () -> store.stat("key"),
                    () -> store.put("key", new byte[0], "text/plain"),
                    () -> store.createIfAbsent("key", new byte[0], "text/plain"),
                    () -> store.delete("key"),
                    () -> store.list("prefix").toList(),
                    store::createBucket)) {
                assertThatExceptionOfType(StoreException.class).isThrownBy(call)
                        .withMessageContaining("check that it is up")
                        .extracting(StoreException::category)
                        .isEqualTo(ErrorCategory.STORAGE_UNAVAILABLE);
            }
        }
    }
}
