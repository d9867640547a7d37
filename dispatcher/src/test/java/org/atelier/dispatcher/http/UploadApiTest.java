package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.http.ApiFixture.problem;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import javax.imageio.ImageIO;

import org.atelier.common.api.UploadOffer;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
import org.atelier.common.picture.PictureHeader;
import org.atelier.common.request.Violation;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.upload.Uploads;
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

    private HttpResponse<String> offer(String body) {
        return api.send(api.to("/v1/uploads/presigned").header("Content-Type", "application/json").POST(BodyPublishers
                .ofString(body)));
    }

    private static String announced(byte[] bytes) {
        return """
                {"media_type": "image/png", "size": %d, "digest": "%s"}""".formatted(bytes.length, Digest.of(bytes));
    }

    /** Offers an upload, and has a client write these bytes past the dispatcher; its id. */
    private String written(String announcement, byte[] bytes) {
        var offered = offer(announcement);
        assertThat(offered.statusCode()).isEqualTo(201);
        var offer = Json.read(offered.body().getBytes(StandardCharsets.UTF_8), UploadOffer.class);
        assertThat(offer.method()).isEqualTo("PUT");
        assertThat(offer.headers()).isEqualTo(Map.of("Content-Type", "image/png"));
        assertThat(offer.expiresAt()).isEqualTo(api.fleet.time.instant().plus(Duration.ofMinutes(15)));
        api.fleet.store.put(offer.url().getPath().substring(1), bytes, "image/png");
        return offer.id();
    }

    private HttpResponse<String> complete(String id) {
        return api.send(api.to("/v1/uploads/" + id + "/complete").POST(BodyPublishers.noBody()));
    }

    private List<String> left() {
        return api.fleet.store.keys().stream().filter(key -> key.startsWith(StoreKeys.UPLOADS)).toList();
    }

    @Test
    void whatAClientWroteIntoTheStoreIsABlobOnceItWasLookedAt() throws IOException {
        var bytes = picture("png", 40, 30);
        var id = written(announced(bytes), bytes);
        assertThat(api.fleet.store.keys()).as("nothing that was not looked at is a blob").noneMatch(key -> key
                .startsWith(StoreKeys.BLOBS));

        for (int time = 0; time < 2; time++) {
            var response = complete(id);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(json(response).path("digest").asText()).isEqualTo(Digest.of(bytes).toString());
        }
        assertThat(new BlobStore(api.fleet.store).get(Digest.of(bytes))).isEqualTo(bytes);
        assertThat(left()).containsExactly(StoreKeys.uploadDone("default", id));
    }

    @Test
    void whatIsNotWhatWasAnnouncedIsRemovedAndCanBeWrittenAgain() throws IOException {
        var bytes = picture("png", 40, 30);
        var id = written(announced(bytes), Arrays.copyOf(bytes, bytes.length + 1));
        refused(complete(id), 422, "has " + (bytes.length + 1) + " bytes, but " + bytes.length + " were announced");
        refused(complete(id), 409, "PUT the picture there until");

        var others = bytes.clone();
        others[others.length - 1] ^= 1;
        api.fleet.store.put(StoreKeys.upload("default", id), others, "image/png");
        refused(complete(id), 422, "has the digest " + Digest.of(others));

        api.fleet.store.put(StoreKeys.upload("default", id), bytes, "image/png");
        assertThat(complete(id).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoSuchPictureNeverBecomesABlob() throws IOException {
        for (var bytes : List.of("<svg/>".getBytes(), picture("jpeg", 40, 30), picture("png", 8, 400))) {
            var id = written(announced(bytes), bytes);
            assertThat(complete(id).statusCode()).isEqualTo(422);
        }
        assertThat(api.fleet.store.keys()).noneMatch(key -> key.startsWith(StoreKeys.BLOBS));
    }

    @Test
    void anUploadThatThereIsNotIsUnknown() {
        for (var id : List.of("00000000-0000-0000-0000-000000000000", "1-1-1-1-1", "..%2f..%2fjobs")) {
            refused(complete(id), 404, "There is no upload");
        }
    }

    @Test
    void anAnnouncementSaysWhatIsWrongWithIt() {
        var response = offer("""
                {"media_type": "image/gif", "size": 33554433, "digest": "sha256:x"}""");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(problem(response).violations()).extracting(Violation::field).containsExactly("/media_type", "/size",
                "/digest");
    }

    @Test
    void noTenantHasMoreThanAHundredOpenAndThoseWhoseTimeIsOverGo() throws Exception {
        var bytes = picture("png", 40, 30);
        for (int upload = 0; upload < Uploads.MOST_OPEN - 3; upload++) {
            written(announced(bytes), bytes);
        }
        try (var clients = Executors.newFixedThreadPool(8)) {
            var asked = clients.invokeAll(Collections.<Callable<Integer>>nCopies(8, () -> offer(announced(bytes))
                    .statusCode()));
            var answers = new ArrayList<Integer>();
            for (var answer : asked) {
                answers.add(answer.get());
            }
            assertThat(answers).containsOnly(201, 429).filteredOn(code -> code == 201).hasSize(3);
        }
        refused(offer(announced(bytes)), 429, "100 uploads of default are open");

        api.fleet.time.pass(Duration.ofMinutes(16));
        assertThat(offer(announced(bytes)).statusCode()).isEqualTo(201);
        assertThat(left()).as("the new one's ticket").hasSize(1);
    }

    @Test
    void aTenantBringsSoMuchADayByWhicheverWay() throws IOException {
        api.uploadQuota = Optional.of(1);
        var small = picture("png", 40, 30);
        var random = new Random(1);
        var large = new BufferedImage(560, 560, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 560 * 560; pixel++) {
            large.setRGB(pixel % 560, pixel / 560, random.nextInt());
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(large, "png", out);
        var most = out.toByteArray();
        assertThat(most.length).isBetween(900_000, (1 << 20) - 2 * small.length);

        var id = written(announced(most), most);
        assertThat(upload("image/png", most).statusCode()).isEqualTo(201);
        refused(upload("image/png", most), 429, "1 MiB of pictures a day");
        refused(complete(id), 429, "after midnight UTC");
        refused(offer(announced(most)), 429, "1 MiB of pictures a day");
        assertThat(upload("image/png", small).statusCode()).as("there is room for a small one").isEqualTo(201);

        api.fleet.time.pass(Duration.ofDays(1));
        assertThat(upload("image/png", most).statusCode()).isEqualTo(201);
    }
}
