package org.atelier.worker.job.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionCostTest {
    @TempDir
    private Path account;

    private boolean busy;
    private boolean away;
    private final List<Integer> told = new ArrayList<>();

    @Test
    void onlyChangesAreToldAndWhatWasNotTakenIsToldAgain() {
        try (var cost = new DeletionCost(() -> busy, value -> {
            if (away) {
                throw new IOException("503");
            }
            told.add(value);
        })) {
            cost.step();
            assertThat(told).as("an idle pod has no cost by itself").isEmpty();

            busy = true;
            away = true;
            cost.step();
            away = false;
            cost.step();
            cost.step();
            busy = false;
            cost.step();
        }
        assertThat(told).containsExactly(DeletionCost.BUSY, DeletionCost.IDLE);
    }

    @Test
    void thePodIsPatchedWithTheMountedToken() throws Exception {
        Files.writeString(account.resolve("token"), "abc\n");
        Files.writeString(account.resolve("namespace"), "fleet");
        Files.writeString(account.resolve("ca.crt"), "");
        var requests = new CopyOnWriteArrayList<String>();
        var answer = new int[]{200};
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange
                    .getRequestHeaders().getFirst("Authorization") + " " + exchange.getRequestHeaders().getFirst(
                            "Content-Type") + " " + new String(exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(answer[0], -1);
            exchange.close();
        });
        server.start();
        try (var pod = new KubernetesPod(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), account,
                "rel-worker-edit-x7")) {
            pod.deletionCost(DeletionCost.BUSY);
            answer[0] = 403;

            assertThatThrownBy(() -> pod.deletionCost(DeletionCost.IDLE)).isInstanceOf(IOException.class)
                    .hasMessageContaining("403");
        } finally {
            server.stop(0);
        }
        assertThat(requests.getFirst()).isEqualTo("PATCH /api/v1/namespaces/fleet/pods/rel-worker-edit-x7 Bearer abc"
                + " application/merge-patch+json"
                + " {\"metadata\":{\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"100\"}}}");
    }

    @Test
    void withoutAMountedTokenItIsSaidWhatToDo() {
        assertThatThrownBy(() -> new KubernetesPod(KubernetesPod.SERVER, account.resolve("none"), "pod")).isInstanceOf(
                IOException.class).hasMessageContaining("automountServiceAccountToken");
    }
}
