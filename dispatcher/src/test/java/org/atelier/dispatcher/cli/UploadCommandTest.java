package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.client.FakeDispatcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class UploadCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private FakeDispatcher dispatcher;

    @Command(name = "atelier", subcommands = UploadCommand.class)
    static final class Root {}

    @BeforeEach
    void start() throws IOException {
        dispatcher = new FakeDispatcher();
    }

    @AfterEach
    void stop() {
        dispatcher.close();
    }

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", dispatcher.url().toString()));
        return new CommandLine(new Root()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(new ErrorHandler(List.of())).execute(all.toArray(String[]::new));
    }

    @Test
    void uploadSendsTheFileAndPrintsItsDigest() throws IOException {
        var file = Files.writeString(folder.resolve("Face.JPG"), "pixels");
        var digest = Digest.of("pixels".getBytes());
        dispatcher.onJson("POST /v1/uploads", 201, new Artifact("image.jpeg", digest, 6, "image/jpeg"));

        assertThat(run("upload", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(dispatcher.asked().getFirst().body()).isEqualTo("pixels");
        assertThat(out.toString()).as("data alone, for scripts").isEqualTo(digest + System.lineSeparator());
    }

    @Test
    void whatTheDispatcherRefusesIsPrinted() throws IOException {
        var file = Files.writeString(folder.resolve("face.png"), "pixels");
        dispatcher.onProblem("POST /v1/uploads", 422,
                """
                        {"type": "urn:atelier:problem:invalid-upload", "title": "What was uploaded cannot be used", "status": 422,
                         "detail": "The picture is neither a PNG nor a JPEG.", "violations": []}""");

        assertThat(run("upload", file.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("neither a PNG nor a JPEG");
    }

    @Test
    void otherFilesAreNotSent() {
        assertThat(run("upload", folder.resolve("face.gif").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("upload", folder.resolve("missing.png").toString())).isEqualTo(ExitCode.FAILED);
        assertThat(dispatcher.asked()).isEmpty();
    }
}
