package org.atelier.dispatcher.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.api.JobView;
import org.atelier.common.api.Problem;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;

/**
 * The HTTP API of a dispatcher. Documents come as trees, so that they can be printed as they were sent, whatever version
 * the dispatcher has.
 *
 * <p>Every method throws {@link UnreachableException} when no dispatcher answers, and {@link RefusedException} when it
 * answers with a problem.
 */
public final class DispatcherClient implements AutoCloseable {
    private static final String BUNDLES = "/v1/bundles";
    private static final String TOKENS = "/v1/tokens";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int REDIRECTION = 300;

    private final URI dispatcher;
    private final HttpClient http;
    private final Optional<String> token;

    /** @param dispatcher its address, with or without a path in front of {@code /v1} */
    public DispatcherClient(URI dispatcher) {
        this(dispatcher, Optional.empty());
    }

    /** @param token sent with every request to the dispatcher, and to nobody else */
    public DispatcherClient(URI dispatcher, Optional<String> token) {
        this.token = token;
        this.dispatcher = dispatcher;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /** Where the dispatcher is. */
    public URI dispatcher() {
        return dispatcher;
    }

    /**
     * Submits a job.
     *
     * @param submission a JobSubmission document
     * @param key        the same key is the same job, however often it is sent; empty: a new job
     * @return the JobView document
     */
    public JsonNode submit(JsonNode submission, Optional<String> key) throws InterruptedException {
        var request = request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(submission)));
        key.ifPresent(value -> request.header("Idempotency-Key", value));
        return tree(request);
    }

    /**
     * Stores an image.
     *
     * @param mediaType of the file
     * @return the Artifact document
     */
    public JsonNode upload(Path file, String mediaType) throws InterruptedException {
        try {
            return tree(request("/v1/uploads")
                    .header("Content-Type", mediaType)
                    .POST(HttpRequest.BodyPublishers.ofFile(file)));
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException("there is no file " + file, e);
        }
    }

    /** The JobView document of a job. */
    public JsonNode job(JobId job) throws InterruptedException {
        return tree(request("/v1/jobs/" + job).GET());
    }

    /** A JobPage document. */
    public JsonNode jobs(Map<String, String> query) throws InterruptedException {
        var text = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return tree(request("/v1/jobs" + (text.isEmpty() ? "" : "?" + text)).GET());
    }

    /** The BundleList document. */
    public JsonNode bundles() throws InterruptedException {
        return tree(request(BUNDLES).GET());
    }

    /**
     * The Presets document of a bundle.
     *
     * @param reference {@code name@version}, or {@code name} for the newest
     */
    public JsonNode presets(String reference) throws InterruptedException {
        return tree(request(BUNDLES + "/" + URLEncoder.encode(reference, StandardCharsets.UTF_8) + "/presets").GET());
    }

    /**
     * Runs jobs again.
     *
     * @param request a ReplayRequest document
     * @return the ReplayView document
     */
    public JsonNode replay(JsonNode request) throws InterruptedException {
        return tree(request("/v1/replays")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(request))));
    }

    /**
     * Makes a token.
     *
     * @param request a TokenRequest document
     * @return the NewToken document; the secret in it is shown this once
     */
    public JsonNode createToken(JsonNode request) throws InterruptedException {
        return tree(request(TOKENS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(request))));
    }

    /** The TokenList document. */
    public JsonNode tokens() throws InterruptedException {
        return tree(request(TOKENS).GET());
    }

    /** Revokes a token. */
    public void revokeToken(String id) throws InterruptedException {
        try (var body = send(request(TOKENS + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8)).DELETE().build())) {
            body.readAllBytes();
        } catch (IOException e) {
            throw new UnreachableException(dispatcher, e);
        }
    }

    /** Asks for the end of a job's newest run; the JobView document. */
    public JsonNode cancel(JobId job) throws InterruptedException {
        return tree(request("/v1/jobs/" + job + "/cancel").POST(HttpRequest.BodyPublishers.noBody()));
    }

    /**
     * The server-sent events of a job; the caller closes the stream.
     *
     * @param after id of the last event that was seen; empty: from the first
     */
    InputStream events(JobId job, Optional<String> after) throws InterruptedException {
        var request = to("/v1/jobs/" + job + "/events").header("Accept", "text/event-stream")
                .GET();
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
            var response = http.send(HttpRequest.newBuilder(artifact.url()).timeout(ANSWER).GET().build(),
                    HttpResponse.BodyHandlers.ofFile(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING));
            if (response.statusCode() >= REDIRECTION) {
                throw new IOException("the store answered " + response.statusCode() + " for "
                        + artifact.artifact().name() + "; its address may have expired: get the job again");
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

    private HttpRequest.Builder request(String path) {
        return to(path).timeout(ANSWER).header("Accept",
                "application/json, " + Problem.MEDIA_TYPE);
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
            var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() < REDIRECTION) {
                return response.body();
            }
            try (var body = response.body()) {
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
