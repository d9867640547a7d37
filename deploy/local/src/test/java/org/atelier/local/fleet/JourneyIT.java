package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.client.AtelierClient;
import org.atelier.common.client.RefusedException;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.KafkaJobs;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.log.LogSettings;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.TracingSettings;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.local.process.LoggedSecrets;
import org.atelier.local.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that travel the whole way, through real processes: HTTP, Kafka, a worker with real networks, the store, and back. */
@TestMethodOrder(OrderAnnotation.class)
class JourneyIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int CALLERS = 8;
    private static final int LONG_EDIT = 60;
    private static final String SHOP = "/shop";
    private static final String GOOD = "{\"request\":{\"type\":\"generate\",\"bundle\":\"avatar-128\",\"sources\":[{\"seed\":85}]}}";

    private static TestServers servers;
    private static LocalFleet fleet;
    private static LocalWorker worker;
    private static DispatcherClient client;
    private static OtlpReceiver collector;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws InterruptedException {
        var installation = Installation.ofThisProcess();
        collector = new OtlpReceiver();
        var traced = Map.of(TracingSettings.ENDPOINT.key(), collector.endpoint(), "OTEL_BSP_SCHEDULE_DELAY", "100");
        var talkative = new HashMap<>(traced);
        talkative.putAll(Map.of(LogSettings.LEVEL.key(), "DEBUG", LogSettings.LIBRARIES.key(), "DEBUG"));
        var dispatching = new HashMap<>(talkative);
        dispatching.putAll(Map.of("ATELIER_PRODUCERS", "shop", "ATELIER_WEBHOOK_HTTP", "true",
                "ATELIER_WEBHOOK_NETWORKS", "127.0.0.0/8"));
        servers = TestServers.ofThisRun();
        fleet = LocalFleet.openTemporary(installation, servers.with(new FleetOptions(FleetOptions.DEFAULT.http(),
                dispatching, talkative)));
        worker = fleet.addWorker("worker-1");
        fleet.start(installation.home().resolve("models/avatar-128"));
        client = new DispatcherClient(fleet.dispatcher().url());
    }

    @AfterAll
    static void stop() {
        if (fleet != null) {
            client.close();
            fleet.close();
            servers.close();
        }
        collector.close();
    }

    private static JsonNode edit(long seed, int steps, String label) {
        return Json.tree(Map.of("labels", Map.of("test", label), "request", Map.of("type", "optimize", "bundle",
                "avatar-128", "source", Map.of("seed", seed), "prompt", "a big smile", "steps", steps, "id_lambda",
                0.02)));
    }

    private static JobId submit(JsonNode submission, Optional<String> key) throws InterruptedException {
        return new JobId(client.submit(submission, key).path("id").asText());
    }

    private static JobView view(JobId job) throws InterruptedException {
        return Json.read(client.job(job), JobView.class);
    }

    private static JobView ended(JobId job) {
        return await().atMost(LONG).pollInterval(POLL).until(() -> view(job), view -> view.state().terminal());
    }

    /** What upstream was told, once for each id: a result may be told again, under the same id. */
    private static List<Event> results(JobId job) {
        return List.copyOf(TopicReader.read(fleet, Topics.RESULTS).stream().filter(event -> job.value().equals(event
                .subject())).collect(Collectors.toMap(Event::id, Function.identity(), (first, again) -> first))
                .values());
    }

    private byte[] artifact(JobView view, String name) throws Exception {
        var download = view.artifacts().stream().filter(each -> each.artifact().name().equals(name)).findFirst()
                .orElseThrow();
        var file = folder.resolve(view.id() + name);
        client.download(download, file);
        return Files.readAllBytes(file);
    }

    private static Digest digest(JobView view, String name) {
        return view.artifacts().stream().filter(each -> each.artifact().name().equals(name)).findFirst().orElseThrow()
                .artifact().digest();
    }

    @Test
    void anEditTravelsTheWholeWay() throws Exception {
        var job = submit(edit(2, 6, "journey"), Optional.empty());
        assertThat(view(job).id()).as("right after 202").isEqualTo(job);

        var view = ended(job);

        assertThat(view.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(view.artifacts()).extracting(each -> each.artifact().name()).containsExactlyInAnyOrder("before.png",
                "after.png", "before-after.png", "latent.safetensors", "losses.json", "losses.png");
        assertThat(artifact(view, "after.png")).startsWith(0x89, 'P', 'N', 'G').isNotEqualTo(artifact(view,
                "before.png"));
        assertThat(Json.read(artifact(view, "losses.json"), JsonNode.class)).hasSize(6);
        assertThat(results(job)).singleElement().satisfies(result -> {
            assertThat(result.id()).isEqualTo(job + "/1");
            assertThat(((Message.RunEnded) result.message()).manifest().outcome()).isEqualTo(Outcome.SUCCEEDED);
        });
        assertThat(TopicReader.read(fleet, Topics.EVENTS)).filteredOn(event -> job.value().equals(event.subject()))
                .extracting(event -> event.message().getClass().getSimpleName())
                .contains("AttemptStarted", "AttemptProgressed", "RunEnded");
    }

    @Test
    void aTraceGoesThroughTheFleet() throws Exception {
        var caller = new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null);
        JobId job;
        try (var atelier = AtelierClient.at(fleet.dispatcher().url())) {
            job = atelier.tracing(() -> Optional.of(caller)).submit(Json.read(Json.bytes(edit(11, 2, "traced")),
                    JobSubmission.class)).id();
        }
        var submitted = ended(job).trace();

        var submission = span("submit", job);
        assertThat(submission.service()).isEqualTo("atelier-dispatcher");
        assertThat(submission.trace()).isEqualTo(caller.traceId());
        assertThat(submission.parent()).isEqualTo(caller.spanId());
        assertThat(submitted).isNotNull().extracting(TraceContext::spanId).isEqualTo(submission.id());
        assertThat(span("feed", job).parent()).isEqualTo(submission.id());
        var attempt = span("attempt optimize", job);
        assertThat(attempt.service()).isEqualTo("atelier-worker");
        assertThat(attempt.trace()).isNotEqualTo(caller.traceId());
        assertThat(attempt.links()).containsExactly(submission.id());
        assertThat(attempt.attributes()).containsEntry("atelier.outcome", "succeeded").containsEntry("atelier.attempt",
                "1").containsEntry("atelier.pool", "edit").containsEntry("atelier.worker", "worker-1");
        assertThat(collector.spans()).filteredOn(span -> span.trace().equals(attempt.trace())).extracting(
                OtlpReceiver.Span::name).contains("load bundle", "compute", "store", "commit");
        assertThat(results(job)).singleElement().satisfies(result -> assertThat(result.trace()).isNotNull().satisfies(
                trace -> assertThat(trace.spanId()).isEqualTo(attempt.id())));
    }

    private static OtlpReceiver.Span span(String name, JobId job) {
        return await().atMost(LONG).pollInterval(POLL).until(() -> collector.spans().stream().filter(span -> span.name()
                .equals(name) && job.value().equals(span.attributes().get("atelier.job.id"))).findFirst(),
                Optional::isPresent).orElseThrow();
    }

    @Test
    void everyRecordIsAsTheAsyncApiDocumentSays() throws Exception {
        ended(submit(edit(9, 2, "documented"), Optional.empty()));
        client.cancel(submit(edit(10, LONG_EDIT, "documented"), Optional.empty()));
        var traffic = new RecordedTraffic(client.connection().get("/asyncapi.json"));

        for (var topic : List.of(Topics.REQUESTS, Topics.EVENTS, Topics.RESULTS, Topics.CONTROL, Topics.AUDIT, Topics
                .ready("edit"))) {
            var records = TopicReader.records(fleet, topic);
            assertThat(records).as(topic).isNotEmpty();
            assertThat(records.stream().filter(record -> !isMistake(record)).flatMap(record -> traffic.violations(
                    record)
                    .stream())).as(topic).isEmpty();
        }
    }

    /** What the tests of mistakes write is not as documented. */
    private static boolean isMistake(ConsumerRecord<String, byte[]> record) {
        return new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8).matches(
                "mistake-.*|order-18");
    }

    @Test
    void theReadmesServiceGetsItsPicture() throws Exception {
        var file = folder.resolve("glasses.png");

        FirstEdit.run(fleet.dispatcher().url(), file);

        assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
    }

    /** The store's own signatures, which no test in one process has. */
    @Test
    void aPictureThatWasWrittenIntoTheStoreIsASource() throws Exception {
        var file = folder.resolve("face.png");
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", file.toFile());

        var stored = Json.read(client.uploadToStore(file, "image/png"), Artifact.class);

        assertThat(stored.digest()).isEqualTo(Digest.of(file));
        var picture = ended(submit(Json.tree(Map.of("request", Map.of("type", "generate", "bundle", "avatar-128",
                "sources", List.of(Map.of("image", stored.digest(), "aligned", true))))), Optional.empty()));
        assertThat(picture.state()).as("%s", picture.failure()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aServiceThatSpeaksKafkaOnlyGetsItsResultOrTheReason() throws Exception {
        var kafka = fleet.broker().settings();
        var manifest = KafkaEdit.run(kafka);

        assertThat(manifest.outcome()).isEqualTo(Outcome.SUCCEEDED);
        try (var jobs = new KafkaJobs(kafka, "shop", Clock.systemUTC())) {
            assertThat(jobs.await(manifest.run().job())).as("after a restart").succeedsWithin(LONG).isEqualTo(manifest);
            assertThat(jobs.submit(new JobId("order-18"), JobSubmission.of(OptimizeRequest.of("nobody", new Source.Seed(
                    1), "a smile")))).failsWithin(LONG).withThrowableThat().withMessageContaining("/request/bundle");
        }
    }

    @Test
    void equalSubmitsAtOnceAreOneJob() throws Exception {
        var submission = edit(3, 2, "once");
        List<Callable<JobId>> calls = Stream.generate(() -> (Callable<JobId>) () -> submit(submission, Optional.of(
                "order-17"))).limit(CALLERS).toList();
        var ids = new ArrayList<JobId>();
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            for (var answer : threads.invokeAll(calls)) {
                ids.add(answer.get());
            }
        }

        assertThat(ids).hasSize(CALLERS).containsOnly(ids.getFirst());
        assertThat(ended(ids.getFirst()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(results(ids.getFirst())).hasSize(1);
        assertThat(client.jobs(Map.of()).path("jobs")).filteredOn(job -> job.path("labels").path("test").asText()
                .equals("once")).hasSize(1);
    }

    @Test
    void aWorkerThatIsKilledInMidJobLosesNothing() throws Exception {
        var undisturbed = ended(submit(edit(5, LONG_EDIT, "undisturbed"), Optional.empty()));
        var job = submit(edit(5, LONG_EDIT, "killed"), Optional.empty());
        await().atMost(LONG).pollInterval(POLL).until(() -> view(job).progress(), progress -> progress != null
                && progress.step() > 2);

        worker.service().process().kill();
        worker.service().startAndAwait();
        var view = ended(job);

        assertThat(view.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(view.attempt()).isEqualTo(2);
        assertThat(results(job)).extracting(Event::id).containsExactly(job + "/1");
        assertThat(digest(view, "latent.safetensors")).isEqualTo(digest(undisturbed, "latent.safetensors"));
        assertThat(digest(view, "after.png")).isEqualTo(digest(undisturbed, "after.png"));
    }

    /** Kinds of requests that a producer may send by mistake, and what the answer names. */
    private static Map<String, String> mistakes() {
        var edit = "{\"request\":{\"type\":\"optimize\",\"bundle\":\"avatar-128\",\"source\":{\"seed\":1},"
                + "\"prompt\":\"a smile\",\"steps\":5}}";
        return Map.ofEntries(
                Map.entry("{}", "/request"),
                Map.entry("[]", ""),
                Map.entry("\"generate\"", ""),
                Map.entry(GOOD.replace("generate", "paint"), "/request/type"),
                Map.entry(GOOD.replace("\"type\":\"generate\",", ""), "/request/type"),
                Map.entry(GOOD.replace("avatar-128", "nobody"), "/request/bundle"),
                Map.entry(GOOD.replace("avatar-128", "avatar-128@9"), "/request/bundle"),
                Map.entry(GOOD.replace("avatar-128", "../x"), "/request/bundle"),
                Map.entry(GOOD.replace("{\"seed\":85}", ""), "/request/sources"),
                Map.entry(GOOD.replace("85", "-1"), "/request/sources/0/seed"),
                Map.entry(GOOD.replace("85", "4294967296"), "/request/sources/0/seed"),
                Map.entry(GOOD.replace("85", "8.5"), "/request/sources/0/seed"),
                Map.entry(GOOD.replace("\"seed\":85", "\"latent\":\"x\""), "/request/sources/0/latent"),
                Map.entry(GOOD.replace("\"sources\"", "\"grid\":{\"columns\":0},\"sources\""), "/request/grid/columns"),
                Map.entry(edit.replace("5}}", "0}}"), "/request/steps"),
                Map.entry(edit.replace("5}}", "\"5\"}}"), "/request/steps"),
                Map.entry(edit.replace("steps", "step"), "/request/step"),
                Map.entry(edit.replace("a smile", " "), "/request/prompt"),
                Map.entry(edit.replace("\"source\":{\"seed\":1},", ""), "/request/source"),
                Map.entry(edit.replace("\"steps\"", "\"learning_rate\":0,\"steps\""), "/request/learning_rate"),
                Map.entry(edit.replace("\"steps\"", "\"truncation\":{\"psi\":3},\"steps\""),
                        "/request/truncation/psi"),
                Map.entry(edit.replace("\"steps\"", "\"space\":\"w++\",\"steps\""), "/request/space"));
    }

    @Test
    void aMistakeOfAProducerIsAnsweredAndHidesNothing() throws Exception {
        var mistakes = List.copyOf(mistakes().entrySet());
        assertThat(mistakes).hasSizeGreaterThanOrEqualTo(20);
        var good = submit(edit(7, 1, "beside mistakes"), Optional.empty());
        try (var producer = new KafkaProducer<>(fleet.broker().settings().client("shop", Map.of()),
                new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < mistakes.size(); i++) {
                producer.send(request("mistake-" + i, "job-of-mistake-" + i, mistakes.get(i).getKey())).get();
            }
            producer.send(request("impostor", good.value(), GOOD)).get();
        }

        await().atMost(LONG).pollInterval(POLL).untilAsserted(() -> assertThat(refusals("mistake-")).hasSize(mistakes
                .size()));
        await().atMost(LONG).pollInterval(POLL).untilAsserted(() -> assertThat(refusals("impostor")).singleElement()
                .satisfies(refused -> assertThat(refused.violations().getFirst().field()).isEqualTo("subject")));
        assertThat(refusals("mistake-")).allSatisfy(refused -> {
            int index = Integer.parseInt(refused.eventId().replace("mistake-", ""));
            assertThat(refused.source()).isEqualTo(SHOP);
            assertThat(refused.violations()).as(mistakes.get(index).getKey()).anySatisfy(violation -> assertThat(
                    violation.field()).isEqualTo(mistakes.get(index).getValue()));
        });
        assertThat(ended(good).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(results(good)).extracting(Event::id).containsExactly(good + "/1");
    }

    /** A request by hand, as a service without our library would send it. */
    private static ProducerRecord<String, byte[]> request(String id, String subject, String body) {
        var request = new ProducerRecord<String, byte[]>(Topics.REQUESTS, null, body.getBytes(StandardCharsets.UTF_8));
        Map.of("ce_specversion", "1.0", "ce_id", id, "ce_source", SHOP, "ce_type", "org.atelier.job.requested.v1",
                "ce_subject", subject, "content-type", "application/json")
                .forEach((name, value) -> request.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return request;
    }

    private static List<Message.RequestRefused> refusals(String prefix) {
        return TopicReader.read(fleet, Topics.RESULTS)
                .stream()
                .map(Event::message)
                .filter(Message.RequestRefused.class::isInstance)
                .map(Message.RequestRefused.class::cast)
                .filter(refused -> refused.eventId().startsWith(prefix))
                .toList();
    }

    @Test
    void aTenantThatProducesHasTopicsOfItsOwn() throws Exception {
        var job = new JobId("job-of-the-shop");
        try (var jobs = KafkaJobs.ofTenant(fleet.broker().settings(), "shop-service", "shop", Clock.systemUTC())) {
            var submission = Json.read(Json.bytes(edit(7, 1, "of a tenant")), JobSubmission.class);
            var end = jobs.submit(job, submission).get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(end.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(end.tenant()).isEqualTo("shop");
            assertThat(jobs.submit(new JobId("bad-job-of-the-shop"), JobSubmission.of(OptimizeRequest.of("nobody",
                    new Source.Seed(1), "a smile")))).failsWithin(LONG).withThrowableThat().withMessageContaining(
                            "/request/bundle");
        }
        assertThatThrownBy(() -> client.job(job)).as("it is another tenant's").isInstanceOf(RefusedException.class);
        assertThat(TopicReader.read(fleet, Topics.results("shop"))).extracting(Event::subject).contains(job.value());
        assertThat(TopicReader.read(fleet, Topics.RESULTS)).extracting(Event::message).noneMatch(
                message -> message instanceof Message.RequestRefused refused && refused.source().contains(
                        "shop-service"));
    }

    /** The last of all: from the first token on everybody needs one, and by then the logs are long. */
    @Test
    @Order(Integer.MAX_VALUE)
    void noLogHasASecret() throws Exception {
        var job = ended(submit(edit(7, 1, "beside secrets"), Optional.empty()));
        var address = String.valueOf(job.artifacts().getFirst().url());
        var token = client.createToken(Json.tree(Map.of("name", "me", "role", "admin"))).path("secret").asText();
        String webhook;
        try (var mine = new DispatcherClient(fleet.dispatcher().url(), Optional.of(token))) {
            var made = mine.createWebhook(Json.tree(Map.of("url", "http://127.0.0.1:1/hook?key=hunter2-hunter2")));
            webhook = made.path("secret").asText();
            assertThat(mine.testWebhook(made.at("/webhook/id").asText()).path("delivered").asBoolean(true)).as(
                    "nobody listens there").isFalse();
            assertThatThrownBy(() -> client.jobs(Map.of())).isInstanceOf(RefusedException.class);
            assertThat(mine.jobs(Map.of()).path("jobs")).isNotEmpty();
        }
        var body = "an upload that nobody may read";
        var forged = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJmb3JnZXIifQ.c2lnbmVkLWJ5LW5vYm9keQ";
        try (var mine = new DispatcherClient(fleet.dispatcher().url(), Optional.of(token));
                var forger = new DispatcherClient(
                        fleet.dispatcher().url(), Optional.of(forged))) {
            assertThatThrownBy(() -> mine.upload(Files.writeString(folder.resolve("upload.png"), body), "image/png"))
                    .isInstanceOf(RefusedException.class).hasMessageNotContaining(body);
            assertThatThrownBy(() -> forger.jobs(Map.of())).isInstanceOf(RefusedException.class)
                    .hasMessageNotContaining(forged);
        }
        LoggedSecrets.assertNone(fleet.folder().resolve("logs"), List.of(fleet.store().settings().secretKey().reveal(),
                token, token.split("_", 3)[2], webhook, webhook.substring(webhook.indexOf('_')
                        + 1),
                "hunter2-hunter2", address.substring(address.indexOf("X-Amz-Signature=")), body, forged));
    }
}
