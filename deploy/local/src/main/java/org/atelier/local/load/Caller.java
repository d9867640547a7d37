package org.atelier.local.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;

/** Submits jobs over HTTP and asks for pages. Safe for use by several threads. */
final class Caller implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI dispatcher;
    private final String bundle;

    Caller(URI dispatcher, String bundle) {
        this.dispatcher = dispatcher;
        this.bundle = bundle;
    }

    /** A submission of a job that computes nothing. */
    JobSubmission submission(int priority) {
        return new JobSubmission(GenerateRequest.of(bundle, List.of(new Source.Seed(1))), priority, Map.of());
    }

    /** Submits a job; it is durable when this returns. */
    JobId submit(int priority) throws InterruptedException {
        var answer = call(post("/v1/jobs", Json.tree(submission(priority))), ACCEPTED);
        return new JobId(answer.required("id").asText());
    }

    /** Submits many jobs with one request; all are durable when this returns. */
    List<JobId> submitAll(int jobs) throws InterruptedException {
        var body = Json.tree(IntStream.range(0, jobs).mapToObj(number -> submission(0)).toList());
        var answer = call(post("/v1/jobs:bulk", body), OK);
        if (answer.required("accepted").asInt() != jobs) {
            throw new IllegalStateException("Of " + jobs + " jobs only " + answer.required("accepted")
                    + " were accepted: " + answer.required("items").get(0));
        }
        var ids = new ArrayList<JobId>();
        answer.required("items").forEach(item -> ids.add(new JobId(item.required("job").asText())));
        return ids;
    }

    /** How many jobs wait, by the page that counts them. */
    int waiting() throws InterruptedException {
        return get("/v1/overview").required("waiting").asInt();
    }

    JsonNode get(String path) throws InterruptedException {
        return call(HttpRequest.newBuilder(dispatcher.resolve(path)), OK);
    }

    /** A value that the dispatcher measures of itself, over all its labels. */
    double measured(String name, String label) throws InterruptedException {
        return text(HttpRequest.newBuilder(dispatcher.resolve("/metrics")), OK).lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private HttpRequest.Builder post(String path, JsonNode body) {
        return HttpRequest.newBuilder(dispatcher.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    }

    private JsonNode call(HttpRequest.Builder request, int wanted) throws InterruptedException {
        return Json.read(text(request, wanted).getBytes(StandardCharsets.UTF_8), ObjectNode.class);
    }

    private String text(HttpRequest.Builder request, int wanted) throws InterruptedException {
        try {
            var answer = client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != wanted) {
                throw new IllegalStateException(answer.request().method() + " " + answer.uri() + " was answered with "
                        + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException("the dispatcher did not answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
