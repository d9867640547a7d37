package org.atelier.common.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobView;
import org.atelier.common.api.Problem;
import org.atelier.common.api.UploadAnnouncement;
import org.atelier.common.api.UploadOffer;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;

/**
 * Speaks HTTP with a dispatcher: addresses, the token, problems, event streams, downloads. Documents come as trees, so that
 * they can be printed as they were sent, whatever version the dispatcher has; {@link AtelierClient} binds them to records.
 *
 * <p>Every method throws {@link UnreachableException} when no dispatcher answers, and {@link RefusedException} when it
 * answers with a problem.
 */
public final class ApiConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    /** Longest silence within an answer. An event stream says every ten seconds that it is alive. */
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** Longest time that a file may take to be written into the store. */
    private static final Duration WRITE = Duration.ofMinutes(5);
    private static final String UPLOADS = "/v1/uploads";
    private static final int REDIRECTION = 300;
    private static final String JSON = "application/json";
    private static final String JSON_OR_PROBLEM = JSON + ", " + Problem.MEDIA_TYPE;

    private final URI dispatcher;
    private final HttpClient http;
    private final Optional<String> token;
    private final Duration silence;

    /**
     * A connection that is made when it is needed.
     *
     * @param dispatcher its address, with or without a path in front of {@code /v1}
     * @param token      sent with every request to the dispatcher, and to nobody else; empty: none
     */
    public ApiConnection(URI dispatcher, Optional<String> token) {
        this(dispatcher, token, HttpClient.newBuilder(), SILENCE);
    }

    /**
     * A connection to a dispatcher whose certificate is none of a public authority.
     *
     * @param tls whom it trusts (see {@link Trust}), and which certificate it shows where one is asked for
     */
    public ApiConnection(URI dispatcher, Optional<String> token, SSLContext tls) {
        this(dispatcher, token, HttpClient.newBuilder().sslContext(tls), SILENCE);
    }

    /** @param silence after which an answer that has begun counts as broken off */
    ApiConnection(URI dispatcher, Optional<String> token, HttpClient.Builder http, Duration silence) {
        this.dispatcher = dispatcher;
        this.token = token;
        this.silence = silence;
        this.http = http.version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
    }

    /** Where the dispatcher is. */
    public URI dispatcher() {
        return dispatcher;
    }

    /** A path with one segment from outside behind it. */
    public static String path(String collection, String segment) {
        return collection + "/" + URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }

    /** The document at a path. */
    public JsonNode get(String path) throws InterruptedException {
        return get(path, Map.of());
    }

    /** The document at a path with a query. */
    public JsonNode get(String path, Map<String, String> query) throws InterruptedException {
        var text = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return tree(request(path + (text.isEmpty() ? "" : "?" + text)).GET());
    }

    /** Sends a JSON document; what comes back. */
    public JsonNode post(String path, JsonNode body) throws InterruptedException {
        return post(path, body, Map.of());
    }

    /** Like {@link #post(String, JsonNode)}, with further headers. */
    public JsonNode post(String path, JsonNode body, Map<String, String> headers) throws InterruptedException {
        return post(path, JSON, BodyPublishers.ofByteArray(Json.bytes(body)), headers);
    }

    /** Puts a JSON document; what comes back. */
    public JsonNode put(String path, JsonNode body) throws InterruptedException {
        return tree(request(path).header("Content-Type", JSON).PUT(BodyPublishers.ofByteArray(Json.bytes(body))));
    }

    /** Sends a body of any media type; what comes back. */
    public JsonNode post(String path, String mediaType, BodyPublisher body, Map<String, String> headers)
            throws InterruptedException {
        var request = request(path).header("Content-Type", mediaType).POST(body);
        headers.forEach(request::header);
        return tree(request);
    }

    /** Asks for an action that needs no body; what comes back. */
    public JsonNode post(String path) throws InterruptedException {
        return tree(request(path).POST(BodyPublishers.noBody()));
    }

    /** Removes what is at a path; an answer's body is not read. */
    public void delete(String path) throws InterruptedException {
        try (var body = send(request(path).DELETE().build())) {
            body.readAllBytes();
        } catch (IOException e) {
            throw new UnreachableException(dispatcher, e);
        }
    }

    /**
     * The server-sent events of a job; the caller closes the stream.
     *
     * @param after id of the last event that was seen; empty: from the first
     */
    InputStream events(JobId job, Optional<String> after) throws InterruptedException {
        var request = to("/v1/jobs/" + job + "/events").header("Accept", "text/event-stream").GET();
        after.ifPresent(id -> request.header("Last-Event-ID", id));
        return send(request.build());
    }

    /**
     * Reads an artifact into a file, and checks it.
     *
     * @throws UncheckedIOException if it cannot be written, or is not what the job made
     */
    public void download(JobView.Download artifact, Path file) throws InterruptedException {
        try {
            var response = http.send(HttpRequest.newBuilder(artifact.url()).timeout(ANSWER).GET().build(), BodyHandlers
                    .ofInputStream());
            try (var body = new IdleLimit(response.body(), silence)) {
                if (response.statusCode() >= REDIRECTION) {
                    throw new IOException("the store answered " + response.statusCode() + " for "
                            + artifact.artifact().name() + "; its address may have expired: get the job again");
                }
                Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
            }
            var actual = Digest.of(file);
            if (!actual.equals(artifact.artifact().digest())) {
                throw new IOException(artifact.artifact().name() + " arrived damaged: " + actual + " instead of "
                        + artifact.artifact().digest());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stores a picture past the dispatcher: asks for an address in the store, writes it there, and has it taken.
     *
     * @return the Artifact document
     * @throws UncheckedIOException if the file cannot be read, or the store does not take it
     */
    public JsonNode uploadToStore(Path file, String mediaType) throws InterruptedException {
        try {
            var offer = Json.read(Json.bytes(post(UPLOADS + "/presigned", Json.tree(new UploadAnnouncement(mediaType,
                    Files.size(file), Digest.of(file))))), UploadOffer.class);
            write(offer, file);
            return post(path(UPLOADS, offer.id()) + "/complete");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(UploadOffer offer, Path file) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(offer.url()).timeout(WRITE).method(offer.method(), BodyPublishers.ofFile(
                file));
        offer.headers().forEach(request::header);
        var response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= REDIRECTION) {
            throw new IOException("the store answered " + response.statusCode() + " to " + file.getFileName()
                    + "; its address may have expired, or the store may take no files of that size: " + response
                            .body());
        }
    }

    private HttpRequest.Builder request(String path) {
        return to(path).timeout(ANSWER).header("Accept", JSON_OR_PROBLEM);
    }

    private HttpRequest.Builder to(String path) {
        var request = HttpRequest.newBuilder(address(path));
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private URI address(String path) {
        var base = dispatcher.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private JsonNode tree(HttpRequest.Builder request) throws InterruptedException {
        try (var body = send(request.build())) {
            return Json.mapper().readTree(body);
        } catch (IOException e) {
            throw new UnreachableException(dispatcher, e);
        }
    }

    /** The body of a success; a refusal is thrown. */
    private InputStream send(HttpRequest request) throws InterruptedException {
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            var answer = new IdleLimit(response.body(), silence);
            if (response.statusCode() < REDIRECTION) {
                return answer;
            }
            try (var body = answer) {
                throw new RefusedException(problem(response, body.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UnreachableException(dispatcher, e);
        }
    }

    private static Problem problem(HttpResponse<?> response, byte[] body) {
        var type = response.headers().firstValue("Content-Type").orElse("");
        return type.startsWith(Problem.MEDIA_TYPE)
                ? Json.read(body, Problem.class)
                : new Problem("about:blank", "The answer is none of a dispatcher", response.statusCode(),
                        new String(body, StandardCharsets.UTF_8).strip() + " (is " + response.uri()
                                + " the right address?)",
                        null, List.of());
    }

    /** Ends open event streams too. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
