package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.http.ApiFixture.problem;
import static org.atelier.dispatcher.support.Intakes.GENERATE;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.atelier.common.api.JobState;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.config.Secret;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.AccessSettings;
import org.atelier.dispatcher.access.Doorkeeper;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.access.Tokens;
import org.atelier.dispatcher.support.Intakes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what: every route, with every role, of two tenants. */
class AccessTest {
    private static final String ADMIN = "a-token-of-the-installation-itself-0123456789";
    private static final Principal TEST = new Principal("default", "test", Role.ADMIN);

    /** Nobody listens there. */
    private static final String WEBHOOK = "{\"url\": \"http://receiver.test:9/of-ann\"}";

    @TempDir
    private Path folder;

    private ApiFixture api;

    private String webhook = "";
    private final Map<Role, String> ann = new EnumMap<>(Role.class);
    private final Map<Role, String> bob = new EnumMap<>(Role.class);

    @BeforeEach
    void annHasAJobAndABundleOfHerOwn() {
        api = new ApiFixture(folder, new AccessSettings(Optional.of(new Secret(ADMIN)), Optional.empty()));
        for (var role : Role.values()) {
            ann.put(role, token("ann", role));
            bob.put(role, token("bob", role));
        }
        assertThat(send("PUT", "/v1/jobs/job-of-ann", Optional.of(ann.get(Role.SUBMIT)), GENERATE).statusCode())
                .isEqualTo(202);
        api.loop.read();
        var manifest = new Manifest(RunId.first(new JobId("job-of-ann")), "ann", JobType.GENERATE, "avatar-128@3",
                Outcome.SUCCEEDED, 1, "token", Map.of(), List.of(new Artifact("after.png", new Digest("ab".repeat(32)),
                        10, Artifact.PNG)),
                null, null, Map.of(), Map.of(), api.fleet.time.instant());
        api.fleet.ledger.commit(manifest);
        api.fleet.events.publishAndWait(Topics.EVENTS, new Message.RunEnded(manifest));
        api.loop.read();
        Intakes.bundles(api.fleet).share("avatar-128", Set.of("ann"));
        webhook = json(send("POST", "/v1/webhooks", Optional.of(ann.get(Role.OPERATE)), WEBHOOK)).at("/webhook/id")
                .asText();
        assertThat(webhook).isNotEmpty();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private String token(String tenant, Role role) {
        return api.tokens.create(TEST, tenant + " " + role.word(), tenant, role, Optional.empty()).secret().reveal();
    }

    private HttpResponse<String> send(String method, String path, Optional<String> token, String body) {
        var request = api.to(path).header("Content-Type", "application/json").method(method, body.isEmpty()
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(body));
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return api.send(request);
    }

    /** A request to a route about what is Ann's. */
    private HttpResponse<String> send(Routing.Route route, Optional<String> token) {
        var path = route.path().replace("/v1/webhooks/{id}", "/v1/webhooks/" + webhook).replace("{reference}",
                "avatar-128").replace("{name}", "after.png").replace("{pool}",
                        "edit").replace("{id}", route.path().startsWith("/v1/jobs/") ? "job-of-ann" : "0".repeat(16))
                .replace(
                        "{digest}", "sha256:" + "ab".repeat(32));
        var body = switch (route.method() + " " + route.path()) {
            case "PUT /v1/jobs/{id}", "POST /v1/jobs" -> GENERATE;
            case "POST /v1/jobs:bulk" -> "[" + GENERATE + "]";
            case "POST /v1/webhooks" -> WEBHOOK.replace("of-ann", "another");
            case "POST /v1/tokens" -> "{\"name\": \"another\", \"role\": \"read\"}";
            case "PUT /v1/bundles/{reference}/tenants" -> "{\"tenants\": [\"ann\"]}";
            default -> "";
        };
        return send(route.method().name(), path, token, body);
    }

    @Test
    void onlyAnAdminSeesHowManyJobsOthersHave() {
        for (var role : Role.values()) {
            var overview = json(send("GET", "/v1/overview", Optional.of(bob.get(role)), ""));
            assertThat(overview.path("jobs")).as("%s", role).isEmpty();
            assertThat(overview.path("tenants").findValuesAsText("tenant")).as("%s", role).isEqualTo(role == Role.ADMIN
                    ? List.of("ann")
                    : List.of());
        }
    }

    @Test
    void everyRouteAsksWhoSendsAndWhatItMay() {
        assertThat(api.routes()).isNotEmpty();
        for (var route : api.routes()) {
            if (route.role().isEmpty()) {
                assertThat(send(route, Optional.empty()).statusCode()).as("%s", route).isEqualTo(200);
                continue;
            }
            for (var token : List.of(Optional.<String>empty(), Optional.of("guessed"), Optional.of("a.b.c"), Optional
                    .of("atl_" + "0".repeat(16) + "_" + "0".repeat(43)))) {
                var stranger = send(route, token);
                assertThat(stranger.statusCode()).as("%s by %s", route, token).isEqualTo(401);
                assertThat(stranger.headers().firstValue("WWW-Authenticate")).hasValueSatisfying(
                        challenge -> assertThat(challenge).startsWith("Bearer"));
            }
            for (var role : Role.values()) {
                var response = send(route, Optional.of(ann.get(role)));
                if (role.covers(route.role().get())) {
                    assertThat(response.statusCode()).as("%s by %s", route, role).isNotIn(401, 403, 500);
                } else {
                    assertThat(response.statusCode()).as("%s by %s", route, role).isEqualTo(403);
                }
            }
        }
    }

    @Test
    void nobodySeesWhatIsOfAnotherTenant() {
        for (var route : api.routes()) {
            if (route.role().isEmpty()) {
                continue;
            }
            for (var role : Role.values()) {
                if (!role.covers(route.role().get())) {
                    continue;
                }
                var response = send(route, Optional.of(bob.get(role)));
                var what = route + " by " + role + " of another tenant";
                switch (route.path()) {
                    case "/v1/jobs/{id}", "/v1/jobs/{id}/cancel", "/v1/jobs/{id}/events",
                            "/v1/jobs/{id}/artifacts/{name}", "/v1/jobs/{id}/lineage",
                            "/v1/jobs/{id}/previews/{digest}", "/v1/bundles/{reference}",
                            "/v1/bundles/{reference}/presets", "/v1/webhooks/{id}",
                            "/v1/webhooks/{id}/secret", "/v1/webhooks/{id}/test" -> assertThat(response.statusCode())
                                    .as(what).isEqualTo(
                                            route.method().name().equals("PUT") ? 409 : 404);
                    case "/v1/bundles/{reference}/tenants", "/v1/tokens", "/v1/tokens/{id}" -> assertThat(role).as(
                            "an administrator's").isEqualTo(Role.ADMIN);
                    default -> assertThat(response.body()).as(what).doesNotContain("job-of-ann", "avatar-128\"",
                            "of-ann", webhook);
                }
            }
        }
        assertThat(json(send("GET", "/v1/jobs", Optional.of(ann.get(Role.READ)), "")).get("jobs")).hasSize(1);
        assertThat(json(send("GET", "/v1/bundles", Optional.of(ann.get(Role.READ)), "")).get("bundles")).hasSize(1);
        assertThat(send("POST", "/v1/jobs", Optional.of(bob.get(Role.SUBMIT)), GENERATE).statusCode()).as(
                "a job on her bundle").isEqualTo(422);
    }

    /** What is another tenant's is, for whoever names it, what there never was: the answers differ in the name alone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "POST /v1/jobs | {'request': {'type': 'optimize', 'bundle': 'avatar-128', 'prompt': 'a smile', 'source': {'job': 'ID'}}}",
            "POST /v1/jobs | {'request': {'type': 'optimize', 'bundle': 'avatar-128', 'prompt': 'a smile', 'source': {'seed': 1}, 'tuned': {'job': 'ID'}}}",
            "POST /v1/jobs | {'request': {'type': 'generate', 'bundle': 'avatar-128', 'sources': [{'job': 'ID', 'artifact': 'latent-0.safetensors'}]}}",
            "POST /v1/jobs | {'depends_on': ['ID'], 'request': {'type': 'generate', 'bundle': 'avatar-128', 'sources': [{'seed': 1}]}}",
            "POST /v1/jobs:bulk | [{'request': {'type': 'generate', 'bundle': 'avatar-128', 'sources': [{'job': 'ID'}]}}]",
            "POST /v1/replays | {'id': 'of-bob', 'jobs': ['ID']}",
            "POST /v1/erasures | {'id': 'of-bob', 'jobs': ['ID']}",
            "DELETE /v1/jobs/ID | ''",
            "GET /v1/jobs/ID/lineage | ''",
            "GET /v1/jobs/ID/previews/sha256:abababababababababababababababababababababababababababababababab | ''"})
    void whatIsOfAnotherTenantIsAsIfThereWereNone(String request, String body) {
        Intakes.bundles(api.fleet).share("avatar-128", Set.of("ann", "bob"));
        var answers = Stream.of("job-of-ann", "job-of-xyz").map(job -> {
            var line = request.replace("ID", job).split(" ", 2);
            var response = send(line[0], line[1], Optional.of(bob.get(Role.ADMIN)), body.replace('\'', '"').replace(
                    "ID", job));
            return response.statusCode() + response.body().replace(job, "ID").replaceAll("\"job\":\"[0-9a-f-]{36}\"",
                    "");
        }).toList();
        assertThat(answers.getFirst()).matches("4(04|22).*|207.*|200.*" + "|202.*").isEqualTo(answers.getLast());
        assertThat(api.fleet.state("job-of-ann")).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void replaysErasuresUploadsAndKeysAreOfOneTenant() {
        Intakes.bundles(api.fleet).share("avatar-128", Set.of("ann", "bob"));
        var hers = Optional.of(ann.get(Role.OPERATE));
        var his = Optional.of(bob.get(Role.OPERATE));
        assertThat(send("POST", "/v1/replays", hers, "{\"id\": \"again\", \"jobs\": [\"job-of-ann\"]}").statusCode())
                .isEqualTo(202);
        var erasure = "{\"id\": \"away\", \"jobs\": [\"job-of-ann\"], \"dry_run\": true}";
        assertThat(send("POST", "/v1/erasures", hers, erasure).statusCode()).isEqualTo(200);
        var upload = json(send("POST", "/v1/uploads/presigned", hers,
                "{\"media_type\": \"image/png\", \"size\": 10}")).path("id").asText();

        for (var path : List.of("/v1/replays/again", "/v1/erasures/away", "/v1/replays/never", "/v1/erasures/never")) {
            assertThat(send("GET", path, his, "").statusCode()).as(path).isEqualTo(404);
        }
        assertThat(send("POST", "/v1/uploads/" + upload + "/complete", hers, "").statusCode()).isEqualTo(409);
        assertThat(send("POST", "/v1/uploads/" + upload + "/complete", his, "").statusCode()).isEqualTo(404);

        var ids = Stream.of(hers, his).map(token -> json(api.send(api.to("/v1/jobs").header("Content-Type",
                "application/json").header("Idempotency-Key", "the-same").header("Authorization", "Bearer " + token
                        .get()).POST(BodyPublishers.ofString(GENERATE)))).path("id").asText()).toList();
        assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
    }

    @Test
    void aCursorShowsTheJobsOfWhoUsesIt() {
        for (var job : List.of("second-of-ann", "third-of-ann")) {
            assertThat(send("PUT", "/v1/jobs/" + job, Optional.of(ann.get(Role.SUBMIT)), GENERATE).statusCode())
                    .isEqualTo(202);
        }
        api.loop.read();
        var cursor = json(send("GET", "/v1/jobs?limit=1", Optional.of(ann.get(Role.READ)), "")).path("next_cursor")
                .asText();
        assertThat(cursor).isNotEmpty();

        var page = json(send("GET", "/v1/jobs?limit=1&cursor=" + cursor, Optional.of(bob.get(Role.READ)), ""));
        assertThat(page.path("jobs")).isEmpty();
    }

    @Test
    void aTokenIsShownOnceAndKeptAsAHash() {
        var made = send("POST", "/v1/tokens", Optional.of(ADMIN),
                "{\"name\": \"shop\", \"tenant\": \"shop\", \"role\": \"submit\", \"valid_for\": \"1h\"}");
        assertThat(made.statusCode()).isEqualTo(201);
        var secret = json(made).get("secret").asText();
        var id = json(made).get("token").get("id").asText();

        assertThat(send("GET", "/v1/jobs", Optional.of(secret), "").statusCode()).isEqualTo(200);
        var kept = new String(api.fleet.store.get(StoreKeys.token(id)).orElseThrow(),
                StandardCharsets.UTF_8);
        assertThat(kept).doesNotContain(secret.split("_", 3)[2]).contains("\"hash\"");
        assertThat(send("GET", "/v1/tokens", Optional.of(ADMIN), "").body()).contains(id).doesNotContain("hash",
                "secret");

        api.fleet.time.pass(Duration.ofHours(1));
        assertThat(send("GET", "/v1/jobs", Optional.of(secret), "").statusCode()).as("expired").isEqualTo(401);
    }

    @Test
    void aRevokedTokenIsNoLongerGood() {
        var secret = token("ann", Role.READ);
        var id = secret.substring(4, 20);

        assertThat(send("DELETE", "/v1/tokens/" + id, Optional.of(ADMIN), "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/v1/jobs", Optional.of(secret), "").statusCode()).isEqualTo(401);
        assertThat(send("DELETE", "/v1/tokens/" + id, Optional.of(ADMIN), "").statusCode()).isEqualTo(404);
    }

    @Test
    void whatADispatcherElsewhereRevokesIsSeenSoon() {
        var secret = token("ann", Role.READ);
        new Tokens(api.fleet.store, api.fleet.time).revoke(secret.substring(4, 20));

        assertThat(send("GET", "/v1/jobs", Optional.of(secret), "").statusCode()).isEqualTo(200);
        api.fleet.time.pass(Tokens.VALIDITY.plusSeconds(1));
        assertThat(send("GET", "/v1/jobs", Optional.of(secret), "").statusCode()).isEqualTo(401);
    }

    @Test
    void everyActionIsWrittenDownBeforeItIsDone() {
        send("POST", "/v1/jobs/job-of-ann/cancel", Optional.of(ann.get(Role.SUBMIT)), "");
        send("DELETE", "/v1/tokens/" + "0".repeat(16), Optional.of(ADMIN), "");
        send("PUT", "/v1/bundles/avatar-128/tenants", Optional.of(ADMIN), "{\"tenants\": []}");

        assertThat(api.fleet.events.published().stream().filter(record -> record.topic().equals(Topics.AUDIT)).map(
                record -> (Message.ActionAudited) record.message())).extracting(Message.ActionAudited::actor,
                        Message.ActionAudited::action, Message.ActionAudited::target).containsExactly(
                                tuple("ann operate", "webhook.create", "receiver.test"),
                                tuple("ann submit", "job.cancel", "job-of-ann"),
                                tuple("admin", "token.revoke", "0".repeat(16)),
                                tuple("admin", "bundle.share", "avatar-128"));

        api.fleet.events.setDown(true);
        var refused = send("POST", "/v1/tokens", Optional.of(ADMIN), "{\"name\": \"x\", \"role\": \"read\"}");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(api.tokens.list()).as("nothing was done").hasSize(2 * Role.values().length);
    }

    @Test
    void theFirstTokenClosesTheDoor(@TempDir Path other) {
        try (var open = new ApiFixture(other)) {
            assertThat(open.get("/v1/jobs").statusCode()).isEqualTo(200);
            assertThat(open.post("/v1/tokens", "{\"name\": \"me\", \"role\": \"read\"}").statusCode()).as(
                    "who could make the next?").isEqualTo(409);
            var made = open.post("/v1/tokens", "{\"name\": \"me\", \"role\": \"admin\"}");
            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(open.get("/v1/jobs").statusCode()).isEqualTo(401);
            assertThat(open.send(open.to("/v1/jobs").header("Authorization", "Bearer " + json(made).get("secret")
                    .asText())).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutTokensNoWebPageMaySendThroughABrowserHere(@TempDir Path other) {
        try (var open = new ApiFixture(other)) {
            var page = open.send(open.to("/v1/jobs").header("Origin", "https://elsewhere.example"));
            assertThat(page.statusCode()).isEqualTo(403);
            assertThat(problem(page).detail()).contains("localhost");
        }
    }

    @Test
    void withoutTokensOnlyThisMachineIsServed() {
        var none = new Tokens(new MemoryObjectStore(api.fleet.time), api.fleet.time);

        assertThatThrownBy(() -> new Doorkeeper(AccessSettings.OPEN, none, "0.0.0.0")).isInstanceOf(
                IllegalStateException.class).hasMessageContaining("ATELIER_ADMIN_TOKEN").hasMessageContaining(
                        "127.0.0.1");
        assertThat(new Doorkeeper(AccessSettings.OPEN, none, "::1").isOpen()).isTrue();
        assertThat(new Doorkeeper(AccessSettings.OPEN, api.tokens, "0.0.0.0").isOpen()).isFalse();
    }

    @Test
    void aBadTokenRequestNamesTheField() {
        var refused = send("POST", "/v1/tokens", Optional.of(ADMIN),
                "{\"name\": \"\", \"tenant\": \"../x\", \"role\": \"root\", \"valid_for\": \"soon\"}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(problem(refused).violations()).extracting(violation -> violation.field()).containsExactly("/name",
                "/tenant", "/role", "/valid_for");
        assertThat(problem(send("POST", "/v1/tokens", Optional.of(ADMIN), "{\"nam\": 1}")).violations()).extracting(
                violation -> violation.field()).containsExactly("/nam");
    }
}
