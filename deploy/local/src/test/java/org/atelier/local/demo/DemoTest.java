package org.atelier.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.request.SubmissionReader;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.dispatcher.cli.Terminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo against an API that answers at once: every job is done when it is submitted, but the one that must fail. */
class DemoTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String FAILING = "afro hair";

    @TempDir
    Path folder;

    private final SubmissionReader reader = new SubmissionReader();
    private final List<JobRequest> jobs = new ArrayList<>();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final byte[] picture = png();
    private HttpServer api;

    private static byte[] png() {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(128, 128, BufferedImage.TYPE_INT_RGB), "png", out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    @BeforeEach
    void start() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
    }

    @AfterEach
    void stop() {
        api.stop(0);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + api.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        try (exchange) {
            byte[] body;
            if (path.equals("/v1/jobs")) {
                jobs.add(reader.read(exchange.getRequestBody().readAllBytes()).submission().request());
                body = Json.bytes(view(jobs.size()));
            } else if (path.startsWith("/picture")) {
                body = picture;
            } else {
                int job = Integer.parseInt(path.split("/")[3].substring("job-".length()));
                body = path.endsWith("/events") ? events(job) : Json.bytes(view(job));
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private boolean fails(int job) {
        return jobs.get(job - 1) instanceof OptimizeRequest request && request.prompt().equals(FAILING);
    }

    private JobView view(int job) {
        var request = jobs.get(job - 1);
        var artifact = new Artifact("x", Digest.of(picture), picture.length, Artifact.PNG);
        var artifacts = List.of("grid.png", "before.png", "after.png", "before-0.png", "before-1.png",
                "picture-0-0-0.png",
                "picture-0-1-0.png", "picture-1-0-0.png", "picture-1-1-0.png").stream()
                .map(name -> new JobView.Download(new Artifact(name, artifact.digest(), artifact.size(), artifact
                        .mediaType()), url().resolve("/picture")))
                .toList();
        return new JobView(new JobId("job-" + job), "default", JobType.of(request), "avatar-128@3", 0, Map.of(),
                fails(job) ? JobState.FAILED : JobState.SUCCEEDED, false, 1, 1, START, START, START.plusMillis(7_500),
                null, request, null, artifacts, null, Map.of(), null, List.of());
    }

    private byte[] events(int job) {
        var attempt = new AttemptId(RunId.first(new JobId("job-" + job)), 1);
        var failure = fails(job) ? JobFailure.of(ErrorCategory.DIVERGED, "a NaN at step 3") : null;
        var losses = jobs.get(job - 1) instanceof OptimizeRequest
                ? Map.of("clip", 0.25, "total", 0.5)
                : Map
                        .<String, Double>of();
        return (event(1, new Message.AttemptProgressed(attempt, 1, new Message.Progress(50, 100, losses, 1.0, List
                .of())))
                + event(2, new Message.RunEnded(new Manifest(attempt.run(), "default", JobType.OPTIMIZE,
                        "avatar-128@3", fails(job) ? Outcome.FAILED : Outcome.SUCCEEDED, 1, "t", Map.of(), List.of(),
                        null, failure, Map.of(), Map.of(), START)))).getBytes(StandardCharsets.UTF_8);
    }

    private static String event(int id, Message message) {
        return "id: " + id + "\nevent: " + MessageType.of(message).shortName() + "\ndata: " + Json.text(message)
                + "\n\n";
    }

    private DemoPlan plan() throws IOException {
        var card = Json.read(Files.readAllBytes(Path.of(System.getProperty("atelier.home"), "models/avatar-128",
                BundleCard.FILE)), BundleCard.class);
        return DemoPlan.of(card, OptionalInt.of(100));
    }

    private boolean run(DemoPlan plan) throws Exception {
        var out = new PrintStream(shown, true, StandardCharsets.UTF_8);
        try (var client = new DispatcherClient(url())) {
            return new Demo(client, folder, new Terminal(out, Optional.empty()), new Timeline(Clock.fixed(START
                    .plusSeconds(9), ZoneOffset.UTC), START, out)).run(plan);
        }
    }

    @Test
    void picturesSheetAndSummaryAreWritten() throws Exception {
        var plan = plan();

        boolean allSucceeded = run(plan);

        assertThat(allSucceeded).as("one edit failed").isFalse();
        var summary = Json.read(Files.readAllBytes(folder.resolve("summary.json")), JsonNode.class);
        assertThat(summary.path("edits")).hasSize(plan.edits().size() - 1 + plan.instantEdits().size());
        assertThat(summary.path("failures")).hasSize(1);
        assertThat(summary.path("failures").elements().next().asText()).isEqualTo("a NaN at step 3");
        assertThat(summary.at("/timeline/first_edit_running").asDouble()).isEqualTo(9);
        for (var edit : summary.path("edits")) {
            assertThat(folder.resolve(edit.path("before").asText())).hasBinaryContent(picture);
            assertThat(folder.resolve(edit.path("after").asText())).hasBinaryContent(picture);
        }
        assertThat(folder.resolve("faces.png")).hasBinaryContent(picture);
        var sheet = ImageIO.read(folder.resolve("contact-sheet.png").toFile());
        assertThat(sheet.getHeight()).isGreaterThan(ContactSheet.top(plan.edits().size() + 2));
    }

    @Test
    void summaryTellsEverythingOfAnEdit() throws Exception {
        var plan = plan();
        run(plan);

        var edit = Json.read(Files.readAllBytes(folder.resolve("summary.json")), JsonNode.class).at("/edits/0");
        var first = plan.edits().getFirst();
        assertThat(edit.path("job_id").asText()).isEqualTo("job-2");
        assertThat(edit.path("seed").asLong()).isEqualTo(first.seed());
        assertThat(edit.path("prompt").asText()).isEqualTo(first.prompt());
        assertThat(edit.at("/hyper_parameters/mode").asText()).isEqualTo("best");
        assertThat(edit.at("/losses/clip").asDouble()).isEqualTo(0.25);
        assertThat(edit.at("/digests/after.png").asText()).isEqualTo(Digest.of(picture).toString());
        assertThat(edit.path("seconds").asDouble()).isEqualTo(7.5);
        assertThat(edit.path("before").asText()).startsWith("01-" + first.prompt().replace(' ', '-'));
    }

    @Test
    void itSaysWhereToLookAndWhatFailed() throws Exception {
        run(plan());

        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("afro hair: a NaN at step 3",
                "7 of 8 edits succeeded, and 4 in an instant",
                "Look at " + folder.resolve("contact-sheet.png"));
    }
}
