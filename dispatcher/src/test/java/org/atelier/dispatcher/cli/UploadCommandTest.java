package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import org.atelier.common.api.UploadAnnouncement;
import org.atelier.common.api.UploadOffer;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
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
    void presignedTheFileGoesToTheStoreAndTheTokenDoesNot() throws IOException {
        var file = Files.writeString(folder.resolve("face.png"), "pixels");
        var digest = Digest.of("pixels".getBytes());
        shell.dispatcher().onJson("POST /v1/uploads/presigned", 201, new UploadOffer("one", "PUT", shell.dispatcher()
                .url().resolve("/bucket/one?signature=s"), Map.of("Content-Type", "image/png"), Instant.EPOCH));
        shell.dispatcher().on("PUT /bucket/one?signature=s", 200, "text/plain", new byte[0]);
        shell.dispatcher().onJson("POST /v1/uploads/one/complete", 200, new Artifact("image.png", digest, 6,
                "image/png"));

        assertThat(shell.run("upload", "--presigned", file.toString())).isEqualTo(ExitCode.OK);

        assertThat(shell.out()).isEqualTo(digest + System.lineSeparator());
        var asked = shell.dispatcher().asked();
        assertThat(Json.read(asked.getFirst().body().getBytes(), UploadAnnouncement.class)).isEqualTo(
                new UploadAnnouncement("image/png", 6, digest));
        assertThat(asked.get(1).body()).isEqualTo("pixels");
    }

    @Test
    void whatTheStoreRefusesIsPrinted() throws IOException {
        var file = Files.writeString(folder.resolve("face.png"), "pixels");
        shell.dispatcher().onJson("POST /v1/uploads/presigned", 201, new UploadOffer("one", "PUT", shell.dispatcher()
                .url().resolve("/bucket/one"), Map.of(), Instant.EPOCH));
        shell.dispatcher().on("PUT /bucket/one", 403, "application/xml", "<Code>AccessDenied</Code>".getBytes());

        assertThat(shell.run("upload", "--presigned", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(shell.err()).contains("the store answered 403", "may have expired", "AccessDenied");
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
