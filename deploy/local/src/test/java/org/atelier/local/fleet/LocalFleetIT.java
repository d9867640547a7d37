package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.local.process.ChildDiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFleetIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final byte[] BODY = {1, 2, 3};

    @TempDir
    Path folder;

    private LocalFleet open() throws InterruptedException {
        var fleet = LocalFleet.open(Installation.ofThisProcess(), folder.resolve("data"), FleetOptions.DEFAULT);
        fleet.startBrokerAndStore();
        return fleet;
    }

    private static void write(LocalFleet fleet) throws Exception {
        try (var store = new S3ObjectStore(fleet.store().settings(), TIMEOUT); var admin = admin(fleet)) {
            store.put("kept", BODY, "text/plain");
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
        }
    }

    private static void check(LocalFleet fleet) throws Exception {
        try (var store = new S3ObjectStore(fleet.store().settings(), TIMEOUT); var admin = admin(fleet)) {
            assertThat(store.get("kept")).hasValue(BODY);
            assertThat(admin.listTopics().names().get()).contains("kept");
        }
    }

    private static Admin admin(LocalFleet fleet) {
        return Admin.create(fleet.broker().settings().client("admin", Map.of()));
    }

    private static List<String> addresses(LocalFleet fleet) {
        var store = fleet.store().settings();
        return List.of(fleet.broker().settings().bootstrapServers(), store.endpoint().toString(), store.secretKey()
                .reveal(), fleet.dispatcher().url().toString());
    }

    @Test
    void dataAndAddressesSurviveARestart() throws Exception {
        List<String> before;
        try (var fleet = open()) {
            before = addresses(fleet);
            write(fleet);
        }
        try (var fleet = open()) {
            assertThat(addresses(fleet)).isEqualTo(before);
            check(fleet);
        }
    }

    @Test
    void folderServesOneFleetAtATime() throws Exception {
        try (var fleet = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another fleet runs on the data folder " + fleet.folder());
        }
    }

    @Test
    void workEndsWhenAProcessDiesAndSaysWhichAndWhatItSaid() throws Exception {
        try (var fleet = open()) {
            var started = new CountDownLatch(1);
            var killer = new Thread(() -> {
                try {
                    started.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                ProcessHandle.of(fleet.broker().service().process().pid()).orElseThrow().destroyForcibly();
            });
            killer.start();

            assertThatThrownBy(() -> fleet.run(() -> {
                started.countDown();
                new CountDownLatch(1).await();
                return null;
            }))
                    .isInstanceOf(ChildDiedException.class)
                    .hasMessageContaining("The broker was ended by signal 9")
                    .hasMessageContaining("Kafka Server started")
                    .hasMessageContaining("broker.log");
            killer.join();
        }
    }

    @Test
    void exceptionOfTheWorkIsPassedOn() throws Exception {
        try (var fleet = open()) {
            assertThatThrownBy(() -> fleet.run(() -> {
                throw new IOException("disk full");
            })).isInstanceOf(IOException.class).hasMessage("disk full");
        }
    }

    @Test
    void closeLeavesNoProcess() throws Exception {
        var fleet = open();
        var pids = List.of(fleet.broker().service().process().pid(), fleet.store().service().process().pid());

        fleet.close();

        assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void temporaryFolderGoesWithTheFleetUnlessItIsWanted() throws Exception {
        var gone = LocalFleet.openTemporary(Installation.ofThisProcess(), FleetOptions.DEFAULT);
        gone.startBrokerAndStore();
        gone.close();
        assertThat(gone.folder()).doesNotExist();

        var kept = LocalFleet.openTemporary(Installation.ofThisProcess(), FleetOptions.DEFAULT);
        kept.keepData();
        kept.close();
        assertThat(kept.folder()).isNotEmptyDirectory();
        try (var files = Files.walk(kept.folder())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
