package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.http.ApiFixture.problem;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.atelier.common.event.Message;
import org.atelier.common.kafka.Topics;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.support.Receiver;
import org.atelier.dispatcher.webhook.Webhooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookApiTest {
    private static final String WEBHOOKS = "/v1/webhooks";

    private final Receiver receiver = new Receiver();

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
        receiver.close();
    }

    private HttpResponse<String> create() {
        return api.post(WEBHOOKS, "{\"url\": \"" + receiver.url() + "?key=topsecret\"}");
    }

    private static String id(HttpResponse<String> created) {
        return json(created).at("/webhook/id").asText();
    }

    private HttpResponse<String> delete(String id) {
        return api.send(api.to(WEBHOOKS + "/" + id).DELETE());
    }

    private HttpResponse<String> act(String id, String action) {
        return api.send(api.to(WEBHOOKS + "/" + id + "/" + action).POST(BodyPublishers.noBody()));
    }

    @Test
    void aWebhookIsMadeShownAndRemoved() {
        var created = create();
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location")).hasValue(WEBHOOKS + "/" + id(created));
        assertThat(created.headers().firstValue("Cache-Control")).hasValue("no-store");
        var secret = json(created).path("secret").asText();
        assertThat(secret).startsWith("whsec_");

        var shown = api.get(WEBHOOKS + "/" + id(created));
        assertThat(json(shown)).isEqualTo(json(created).path("webhook"));
        assertThat(json(shown).path("events").get(0).asText()).isEqualTo("run.ended");
        assertThat(api.get(WEBHOOKS).body()).contains(id(created)).doesNotContain(secret);

        assertThat(delete(id(created)).statusCode()).isEqualTo(204);
        assertThat(delete(id(created)).statusCode()).isEqualTo(404);
        assertThat(json(api.get(WEBHOOKS)).path("webhooks")).isEmpty();
    }

    @Test
    void aTestSaysWhatTheReceiverAnswered() {
        var created = create();
        var good = json(act(id(created), "test"));
        assertThat(good.path("delivered").asBoolean()).isTrue();
        assertThat(good.path("status").asInt()).isEqualTo(204);
        var told = receiver.told().getFirst();
        assertThat(told.isSignedBy(json(created).path("secret").asText())).isTrue();
        assertThat(told.event().path("type").asText()).isEqualTo("org.atelier.webhook.test.v1");
        assertThat(told.header("webhook-id")).isEqualTo(good.path("event").asText()).isEqualTo(told.event().path("id")
                .asText());

        receiver.answers(500);
        var bad = json(act(id(created), "test"));
        assertThat(bad.path("delivered").asBoolean()).isFalse();
        assertThat(bad.path("failure").asText()).contains("500");
        receiver.close();
        assertThat(json(act(id(created), "test")).has("status")).isFalse();
    }

    @Test
    void anotherSecretSignsBesideTheOldOne() {
        var created = create();
        var rotated = act(id(created), "secret");
        assertThat(rotated.statusCode()).isEqualTo(201);
        assertThat(json(rotated).at("/webhook/secrets")).hasSize(2);
        act(id(created), "test");

        var told = receiver.told().getFirst();
        assertThat(told.isSignedBy(json(created).path("secret").asText())).isTrue();
        assertThat(told.isSignedBy(json(rotated).path("secret").asText())).isTrue();
        act(id(created), "secret");
        assertThat(act(id(created), "secret").statusCode()).as("one too many at once").isEqualTo(429);
        api.fleet.time.pass(Duration.ofHours(24));
        assertThat(act(id(created), "secret").statusCode()).isEqualTo(201);
    }

    @Test
    void whatIsWrongIsNamed() {
        var refused = api.post(WEBHOOKS,
                "{\"url\": \"ftp://x\", \"description\": \"" + "x".repeat(201) + "\", \"events\": [\"run.eaten\"]}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(problem(refused).violations()).extracting(Violation::field).containsExactly("/description",
                "/events", "/url");
        assertThat(problem(refused).violations().get(1).message()).contains("run.ended", "attempt.failed");

        for (var url : List.of("http://inside.test/", "http://missing.test/", "http://user@receiver.test/")) {
            var problem = problem(api.post(WEBHOOKS, "{\"url\": \"" + url + "\"}"));
            assertThat(problem.violations()).as(url).extracting(Violation::field).containsExactly("/url");
        }
        assertThat(problem(api.post(WEBHOOKS, "{\"url\": \"http://inside.test/\"}")).violations().getFirst().message())
                .contains("10.0.0.1", "ATELIER_WEBHOOK_NETWORKS");
        assertThat(api.post(WEBHOOKS, "{}").statusCode()).isEqualTo(422);
        assertThat(api.post(WEBHOOKS, "{\"url\": \"" + receiver.url() + "\", \"secret\": \"mine\"}").statusCode())
                .isEqualTo(422);
        assertThat(json(api.get(WEBHOOKS)).path("webhooks")).isEmpty();
    }

    @Test
    void aTenantHasOnlySoMany() {
        for (int i = 0; i < Webhooks.MAX_PER_TENANT; i++) {
            assertThat(create().statusCode()).isEqualTo(201);
        }
        assertThat(create().statusCode()).isEqualTo(429);
    }

    @Test
    void whoDidWhatIsWrittenDownWithoutSecrets() {
        var id = id(create());
        act(id, "secret");
        delete(id);

        var written = api.fleet.events.published().stream().filter(record -> record.topic().equals(Topics.AUDIT)).map(
                record -> (Message.ActionAudited) record.message()).toList();
        assertThat(written).extracting(Message.ActionAudited::action, Message.ActionAudited::target).containsExactly(
                tuple("webhook.create", "receiver.test"), tuple("webhook.rotate", id), tuple("webhook.delete", id));
        assertThat(written.getFirst().details()).isEqualTo(Map.of("url", receiver.url().toString(), "events",
                "run.ended"));
        assertThat(written.toString()).doesNotContain("whsec_", "topsecret");
    }

    @Test
    void nothingIsDoneThatCannotBeWrittenDown() {
        var id = id(create());
        api.fleet.events.setDown(true);

        assertThat(create().statusCode()).isEqualTo(503);
        assertThat(act(id, "secret").statusCode()).isEqualTo(503);
        assertThat(delete(id).statusCode()).isEqualTo(503);
        assertThat(json(api.get(WEBHOOKS + "/" + id)).path("secrets")).hasSize(1);
    }
}
