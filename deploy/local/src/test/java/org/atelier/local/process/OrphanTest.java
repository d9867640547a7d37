package org.atelier.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever ends the parent, no child is left. */
class OrphanTest {
    @TempDir
    Path folder;

    /** INT is Ctrl-C, HUP a terminal that closes, TERM a service manager; KILL gives the parent no chance to do anything. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "HUP", "TERM", "KILL"})
    void noChildOutlivesItsParent(String signal) throws IOException, InterruptedException {
        assumeThat(ignoredHere()).as("signals that this JVM was started to ignore").doesNotContain(signal);
        var parent = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Programs.Parent.class.getName(), folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("parent.log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("pids")));
            var children = children();
            assertThat(children).hasSize(2).allMatch(ProcessHandle::isAlive);

            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + parent.pid()).start().waitFor();

            assertThat(parent.waitFor(60, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(60)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            parent.destroyForcibly();
        }
    }

    /** A build behind {@code nohup}, or in the background of a script, passes its deafness on to every process. */
    private static List<String> ignoredHere() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        var line = Files.readAllLines(status).stream().filter(text -> text.startsWith("SigIgn:")).findFirst();
        var mask = new BigInteger(line.orElseThrow().substring("SigIgn:".length()).strip(), 16);
        return Map.of("HUP", 1, "INT", 2, "TERM", 15)
                .entrySet()
                .stream()
                .filter(entry -> mask.testBit(entry.getValue() - 1))
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<ProcessHandle> children() throws IOException {
        return Arrays.stream(Files.readString(folder.resolve("pids")).split(" "))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                .toList();
    }
}
