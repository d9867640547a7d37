package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class UploadCommandTest {
    @RegisterExtension
    private final Shell shell = new Shell(UploadCommand.class);

    @TempDir
    private Path folder;

    @Test
    void uploadSendsTheFileAndPrintsItsDigest() throws IOException {
        var file = Files.writeString(folder.resolve("Face.JPG"), "pixels");
        var digest = Digest.of("pixels".getBytes());
        shell.dispatcher().onJson("POST /v1/uploads", 201, new Artifact("image.jpeg", digest, 6, "image/jpeg"));

        assertThat(shell.run("upload", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(shell.dispatcher().asked().getFirst().body()).isEqualTo("pixels");
        assertThat(shell.out()).as("data alone, for scripts").isEqualTo(digest + System.lineSeparator());
    }

    @Test
    void whatTheDispatcherRefusesIsPrinted() throws IOException {
        var file = Files.writeString(folder.resolve("face.png"), "pixels");
        shell.dispatcher().onProblem("POST /v1/uploads", 422,
                """
                        {"type": "urn:atelier:problem:invalid-upload", "title": "What was uploaded cannot be used", "status": 422,
                         "detail": "The picture is neither a PNG nor a JPEG.", "violations": []}""");

        assertThat(shell.run("upload", file.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(shell.err()).contains("neither a PNG nor a JPEG");
    }

    @Test
    void otherFilesAreNotSent() {
        assertThat(shell.run("upload", folder.resolve("face.gif").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(shell.run("upload", folder.resolve("missing.png").toString())).isEqualTo(ExitCode.FAILED);
        assertThat(shell.dispatcher().asked()).isEmpty();
    }
}
