package org.atelier.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark itself moves gigabytes and is run by hand. */
class ModelsBenchTest {
    private static final Path AVATAR = Path.of("../models/avatar-128");

    @TempDir
    private Path folder;

    @Test
    void noRunsAreNoBenchmark() {
        var printed = new StringWriter();

        assertThat(new CommandLine(new ModelsBench()).setErr(new PrintWriter(printed)).execute("--runs", "0"))
                .isEqualTo(
                        2);

        assertThat(printed.toString()).contains("--runs must be at least 1");
    }

    @Test
    void aColdStartChecksTheFilesAndBuildsTheNetworks() throws IOException {
        ColdStart.main(new String[]{AVATAR.toString()});

        try (var files = Files.list(AVATAR)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        var clip = folder.resolve("clip.safetensors");
        clip.toFile().setWritable(true);
        var bytes = Files.readAllBytes(clip);
        bytes[bytes.length - 1] ^= 1;
        Files.write(clip, bytes);
        assertThatIllegalStateException().isThrownBy(() -> ColdStart.main(new String[]{folder.toString()}))
                .withMessageContaining("clip.safetensors has not the digest of its card");
    }
}
