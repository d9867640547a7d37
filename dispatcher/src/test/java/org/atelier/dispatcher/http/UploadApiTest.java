package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.http.ApiFixture.problem;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;

import javax.imageio.ImageIO;

import org.atelier.common.artifact.Digest;
import org.atelier.common.picture.PictureHeader;
import org.atelier.common.store.BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are stored as blobs if their header is sound; who may is tested with all other routes. */
class UploadApiTest {
    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture(folder);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private HttpResponse<String> upload(String type, byte[] body) {
        return api.send(api.to("/v1/uploads").header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
    }

    private static byte[] picture(String format, int width, int height) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        return out.toByteArray();
    }

    @Test
    void anImageBecomesABlob() throws IOException {
        for (var format : PictureHeader.Format.values()) {
            var bytes = picture(format.reader(), 40, 30);
            var response = upload(format.mediaType(), bytes);
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(json(response).path("digest").asText()).isEqualTo(Digest.of(bytes).toString());
            assertThat(json(response).path("media_type").asText()).isEqualTo(format.mediaType());
            assertThat(new BlobStore(api.fleet.store).get(Digest.of(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsNoImageIsRefused() throws IOException {
        var png = picture("png", 40, 30);
        refused(upload("image/png", "<svg/>".getBytes()), 422, "neither a PNG nor a JPEG");
        refused(upload("image/png", Arrays.copyOf(png, 12)), 422, "damaged");
        refused(upload("image/jpeg", png), 422, "was said to be image/jpeg");
        refused(upload("image/png", picture("png", 8, 400)), 422, "8 x 400");
        refused(upload("image/gif", png), 415, "image/png or image/jpeg");
        refused(upload("image/png", new byte[PictureHeader.MAX_BYTES + 1]), 413, String.valueOf(
                PictureHeader.MAX_BYTES));
    }

    private static void refused(HttpResponse<String> response, int status, String reason) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(problem(response).detail()).contains(reason);
    }
}
