package org.atelier.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks for secrets in the logs of processes. */
public final class LoggedSecrets {
    /** Shorter ones could be found by chance. */
    private static final int SHORTEST = 8;

    private LoggedSecrets() {}

    /** No file of the folder has any of them, and libraries have said what they do at DEBUG. */
    public static void assertNone(Path folder, List<String> secrets) throws IOException {
        assertThat(secrets).allMatch(secret -> secret.length() > SHORTEST);
        try (var files = Files.walk(folder)) {
            var logs = files.filter(file -> file.toString().endsWith(".log") && Files.isRegularFile(file)).toList();
            for (var log : logs) {
                var text = Files.readString(log);
                assertThat(secrets).as("%s", log.getFileName()).noneMatch(text::contains);
            }
            assertThat(logs).as("the level was heeded").anySatisfy(log -> assertThat(log).content().contains(
                    " DEBUG "));
        }
    }
}
