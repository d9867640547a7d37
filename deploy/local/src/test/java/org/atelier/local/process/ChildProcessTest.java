package org.atelier.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ChildProcess waiting() throws InterruptedException {
        var there = folder.resolve("there");
        var child = ChildProcess.start(Programs.spec(folder, "child", LONG, Programs.Waiting.class, there.toString()));
        child.awaitReady(() -> Files.exists(there), LONG);
        return child;
    }

    @Test
    void readyChildRunsUntilItIsStopped() throws InterruptedException {
        var child = waiting();

        assertThat(child.alive()).isTrue();
        assertThat(child.lastLines()).contains("waiting");

        child.stop();

        assertThat(child.alive()).isFalse();
        assertThat(child.status()).contains(128 + 15);
        assertThat(child.unexpectedDeath()).isNotDone();
    }

    @Test
    void deathIsReportedWithStatusAndLastLines() throws Exception {
        try (var child = ChildProcess.start(Programs.spec(folder, "worker", LONG, Programs.Dying.class, "50", "3"))) {
            var death = child.unexpectedDeath().get(LONG.toSeconds(), TimeUnit.SECONDS);

            assertThat(death.name()).isEqualTo("worker");
            assertThat(death.status()).isEqualTo(3);
            assertThat(death.lastLines()).hasSize(20).startsWith("line 31").endsWith("line 50");
            assertThat(death.describe()).contains("The worker ended with status 3", "line 50", "worker.log");
        }
    }

    @Test
    void deathBySignalIsReported() throws Exception {
        try (var child = waiting()) {
            ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();

            assertThat(child.unexpectedDeath().get(LONG.toSeconds(), TimeUnit.SECONDS).describe())
                    .contains("was ended by signal 9");
        }
    }

    @Test
    void deathBeforeReadyEndsTheWaiting() {
        try (var child = ChildProcess.start(Programs.spec(folder, "broker", LONG, Programs.Dying.class, "1", "7"))) {
            assertThatThrownBy(() -> child.awaitReady(() -> false, LONG))
                    .isInstanceOf(ChildDiedException.class)
                    .hasMessageContaining("The broker ended with status 7")
                    .hasMessageContaining("line 1");
        }
    }

    @Test
    void childThatIsNeverReadySaysWhatWasAskedLast() throws InterruptedException {
        try (var child = waiting()) {
            assertThatThrownBy(() -> child.awaitReady(() -> {
                throw new IOException("connection refused");
            }, Duration.ofMillis(50)))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("connection refused")
                    .hasMessageContaining("child.log");
            assertThat(child.alive()).isTrue();
        }
    }

    @Test
    void exceptionOfTheMainClassEndsTheProcess() throws Exception {
        try (var child = ChildProcess.start(Programs.spec(folder, "child", LONG, Programs.HalfStarted.class))) {
            var death = child.unexpectedDeath().get(LONG.toSeconds(), TimeUnit.SECONDS);

            assertThat(death.status()).isEqualTo(1);
            assertThat(death.lastLines()).anyMatch(line -> line.contains("cannot go on"));
        }
    }

    @Test
    void stopIsForcedWhenTheGraceIsOver() throws InterruptedException {
        var there = folder.resolve("there");
        var child = ChildProcess.start(Programs.spec(folder, "child", Duration.ofMillis(200), Programs.Stubborn.class,
                there.toString()));
        child.awaitReady(() -> Files.exists(there), LONG);

        child.stop();

        assertThat(child.status()).contains(128 + 9);
    }

    @Test
    void killIsNotAnUnexpectedDeath() throws InterruptedException {
        var child = waiting();

        child.kill();

        assertThat(child.status()).contains(128 + 9);
        assertThat(child.unexpectedDeath()).isNotDone();
    }

    @Test
    void frozenChildIsAliveAndCanBeStopped() throws InterruptedException {
        var child = waiting();

        child.freeze();
        await().until(() -> state(child.pid()).contains("T"));
        assertThat(child.alive()).isTrue();

        child.resume();
        await().until(() -> !state(child.pid()).contains("T"));

        child.freeze();
        child.stop();
        assertThat(child.status()).as("it was let go on, to stop in good order").contains(128 + 15);
    }

    @Test
    void processWaitsForTheOneThatHoldsItsLock() throws Exception {
        var lock = folder.resolve("lock");
        var first = folder.resolve("first-there");
        var second = folder.resolve("second-there");
        try (var before = ChildProcess.start(Programs.spec(folder, "first", LONG, lock, Programs.Waiting.class, first
                .toString()))) {
            before.awaitReady(() -> Files.exists(first), LONG);
            try (var after = ChildProcess.start(Programs.spec(folder, "second", LONG, lock, Programs.Waiting.class,
                    second.toString()))) {
                await().atMost(LONG).until(() -> after.lastLines().stream().anyMatch(line -> line.contains(
                        "waiting for its end")));
                assertThat(second).doesNotExist();

                before.kill();

                after.awaitReady(() -> Files.exists(second), LONG);
            }
        }
    }

    /** The system's one-letter state of a process: T is stopped. */
    private static String state(long pid) throws IOException {
        var ps = new ProcessBuilder("ps", "-o", "stat=", "-p", String.valueOf(pid)).start();
        return new String(ps.getInputStream().readAllBytes());
    }

    @Test
    void logKeepsWhatEarlierProcessesSaid() throws Exception {
        for (int run = 1; run <= 2; run++) {
            try (var child = ChildProcess.start(Programs.spec(folder, "child", LONG, Programs.Dying.class, "2", "0"))) {
                assertThat(child.unexpectedDeath().get(LONG.toSeconds(), TimeUnit.SECONDS).lastLines())
                        .containsExactly("line 1", "line 2");
            }
        }
        assertThat(Files.readAllLines(folder.resolve("child.log"))).containsExactly("line 1", "line 2", "line 1",
                "line 2");
    }

    @Test
    void withheldVariablesAreNotPassedOn() throws Exception {
        var name = System.getenv().keySet().stream().filter(key -> key.length() > 2).findFirst().orElseThrow();
        var spec = new ChildSpec("child", List.of("/usr/bin/env"), Map.of("ATELIER_TEST", "1"), Set.of(name), folder
                .resolve("child.log"), LONG);
        try (var child = ChildProcess.start(spec)) {
            child.unexpectedDeath().get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(Files.readAllLines(folder.resolve("child.log")))
                .contains("ATELIER_TEST=1")
                .noneMatch(line -> line.startsWith(name + "="));
    }
}
