package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.problem;
import static org.atelier.dispatcher.support.Intakes.GENERATE;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.atelier.common.api.Problem;
import org.atelier.common.request.Violation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of bad request is answered with a precise status, the field that is wrong and what it may be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestTest {
    private ApiFixture api;

    @BeforeAll
    void open(@TempDir Path folder) {
        api = new ApiFixture(folder);
    }

    @AfterAll
    void close() {
        api.close();
    }

    /** A body, what is wrong with it, the status, the field and a part of the message. */
    record Bad(String what, String body, int status, String field, String message) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Bad json(String what, String body, String message) {
        return new Bad(what, body, 400, "", message);
    }

    private static Bad field(String what, String body, String field, String message) {
        return new Bad(what, body, 422, field, message);
    }

    private static String generate(String more) {
        return "{\"request\":{\"type\":\"generate\",\"bundle\":\"avatar-128\",\"sources\":[{\"seed\":1}]" + more
                + "}}";
    }

    private static String optimize(String more) {
        return "{\"request\":{\"type\":\"optimize\",\"bundle\":\"avatar-128\",\"source\":{\"seed\":1},\"prompt\":"
                + "\"a smile\"" + more + "}}";
    }

    static Stream<Bad> bodies() {
        return Stream.of(
                json("nothing", "", "empty"),
                json("blanks", "  \n ", "empty"),
                json("no JSON", "steps=3", "Unrecognized token"),
                json("broken off", "{\"request\": {", "end-of-input"),
                json("something behind it", GENERATE + "x", "Unrecognized token"),
                json("a key twice", "{\"request\": {}, \"request\": {}}", "Duplicate field"),
                json("not a number", "{\"priority\": NaN}", "NaN"),
                json("too deep", "[".repeat(2_000) + "]".repeat(2_000), "nesting depth"),
                field("an array", "[]", "", "object"),
                field("a word", "\"generate\"", "", "object"),
                field("no request", "{}", "/request", "is missing"),
                field("an unknown field", GENERATE.replace("{\"request\"", "{\"prio\": 1, \"request\""), "/prio",
                        "is not known here"),
                field("a misspelt step", optimize(",\"step\":3"), "/request/step", "is not known here"),
                field("no type", "{\"request\":{\"bundle\":\"avatar-128\"}}", "/request/type", "is missing"),
                field("an unknown type", "{\"request\":{\"type\":\"paint\"}}", "/request/type", "generate, optimize"),
                field("no bundle", "{\"request\":{\"type\":\"generate\",\"sources\":[{\"seed\":1}]}}",
                        "/request/bundle", "is missing"),
                field("a bundle with a path", GENERATE.replace("avatar-128", "../x"), "/request/bundle", "match"),
                field("an unknown bundle", GENERATE.replace("avatar-128", "nobody"), "/request/bundle", "nobody"),
                field("an unknown version", GENERATE.replace("avatar-128", "avatar-128@9"), "/request/bundle",
                        "avatar-128@9"),
                field("no sources", GENERATE.replace("{\"seed\": 85}", ""), "/request/sources", "at least 1"),
                field("an empty source", GENERATE.replace("\"seed\": 85", ""), "/request/sources/0", "seed, latent"),
                field("a negative seed", GENERATE.replace("85", "-1"), "/request/sources/0/seed", "at least 0"),
                field("a huge seed", GENERATE.replace("85", "4294967296"), "/request/sources/0/seed",
                        "at most 4294967295"),
                field("a fraction of a seed", GENERATE.replace("85", "8.5"), "/request/sources/0/seed", "integer"),
                field("a latent that is no digest", GENERATE.replace("\"seed\": 85", "\"latent\": \"x\""),
                        "/request/sources/0/latent", "sha256"),
                field("no steps", optimize(",\"steps\":0"), "/request/steps", "at least 1"),
                field("steps in words", optimize(",\"steps\":\"300\""), "/request/steps", "integer"),
                field("a blank prompt", optimize("").replace("a smile", " "), "/request/prompt", "match"),
                field("an endless prompt", optimize("").replace("a smile", "x".repeat(1_001)), "/request/prompt",
                        "at most 1000"),
                field("a learning rate of nothing", optimize(",\"learning_rate\":0"), "/request/learning_rate",
                        "more than 0"),
                field("an edit of nothing", optimize("").replace("\"source\":{\"seed\":1},", ""), "/request/source",
                        "is missing"),
                field("a cutoff beyond the rows", generate(",\"truncation\":{\"cutoff\":13}"),
                        "/request/truncation/cutoff", "12 rows"),
                field("mixing beyond the rows", generate(",\"mixing\":{\"with\":{\"seed\":2},\"row\":13}"),
                        "/request/mixing/row", "12 rows"),
                field("noise of another kind", generate(",\"noise\":{\"mode\":\"loud\"}"), "/request/noise/mode",
                        "const, random, none"),
                field("a priority beyond the scale", GENERATE.replace("{\"request\"", "{\"priority\":11,\"request\""),
                        "/priority", "at most 10"),
                field("a label that is no text", GENERATE.replace("{\"request\"", "{\"labels\":{\"a\":1},\"request\""),
                        "/labels/a", "string"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBadBodyIsAnsweredPrecisely(Bad bad) {
        var response = api.put("/v1/jobs/bad-job", bad.body);

        assertThat(response.statusCode()).isEqualTo(bad.status);
        assertThat(response.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
        var problem = problem(response);
        assertThat(problem.status()).isEqualTo(bad.status);
        assertThat(problem.instance()).isEqualTo("/v1/jobs/bad-job");
        if (bad.status == 422) {
            assertThat(problem.type()).isEqualTo("urn:atelier:problem:invalid-submission");
            assertThat(problem.violations()).extracting(Violation::field).containsExactly(bad.field);
            assertThat(problem.violations().getFirst().message()).contains(bad.message);
        } else {
            assertThat(problem.type()).isEqualTo("urn:atelier:problem:invalid-json");
            assertThat(problem.detail()).contains(bad.message);
        }
        assertThat(api.get("/v1/jobs/bad-job").statusCode()).as("no job came of it").isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            GET    | /v1/jobs?state=lost                  | 400 | state  | queued, ready, running
            GET    | /v1/jobs?type=paint                  | 400 | type   | generate, optimize
            GET    | /v1/jobs?limit=0                     | 400 | limit  | from 1 to 200
            GET    | /v1/jobs?limit=many                  | 400 | limit  | from 1 to 200
            GET    | /v1/jobs?cursor=bm90aGluZw           | 400 | cursor | no cursor
            GET    | /v1/jobs?cursor=%C3%A4               | 400 | cursor | -
            GET    | /v1/jobs?stat=failed                 | 400 | stat   | cursor, limit, state, subject, type
            GET    | /v1/jobs/unknown-job                 | 404 | -      | no job unknown-job
            GET    | /v1/jobs/No%20Id                     | 404 | -      | no job No Id
            GET    | /v1/jobs/..%2f..%2fbundles           | 404 | -      | -
            GET    | /v1/jobs/unknown-job/events          | 404 | -      | no job unknown-job
            GET    | /v1/jobs/unknown-job/artifacts/a.png | 404 | -      | no job unknown-job
            POST   | /v1/jobs/unknown-job/cancel          | 404 | -      | no job unknown-job
            GET    | /v1/nothing                          | 404 | -      | not part of the API
            PATCH  | /v1/jobs/unknown-job                 | 405 | -      | GET
            DELETE | /v1/jobs/unknown-job                 | 404 | -      | unknown-job
            PATCH  | /v1/jobs                             | 405 | -      | POST
            """)
    void aBadRequestIsAnsweredPrecisely(String method, String path, int status, String field, String detail) {
        var response = api.send(api.to(path).method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(status);
        var problem = problem(response);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.detail()).contains(detail == null ? "" : detail);
        assertThat(problem.violations()).extracting(Violation::field).isEqualTo(field == null
                ? List.of()
                : List.of(field));
        if (status == 405) {
            assertThat(response.headers().firstValue("Allow")).get().asString().contains(detail);
        }
    }

    @ParameterizedTest
    @CsvSource({"ab", "-abc", "Upper-Case", "dots.and_more", "a%20b",
            "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg"})
    void anIdThatCannotBeOneIsRefused(String id) {
        var response = api.put("/v1/jobs/" + id, GENERATE);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).violations()).extracting(Violation::field).containsExactly("id");
        assertThat(problem(response).detail()).contains("3 to 64 characters");
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/xml", "application/jsonl", "multipart/form-data; boundary=x"})
    void abodyOfAnotherTypeIsRefused(String type) {
        var response = api.send(api.to("/v1/jobs").header("Content-Type", type).POST(BodyPublishers.ofString(
                GENERATE)));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(problem(response).detail()).contains("application/json");
    }

    @Test
    void aBodyWithoutATypeIsRefused() {
        var response = api.send(api.to("/v1/jobs").POST(BodyPublishers.ofString(GENERATE)));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(problem(response).detail()).contains("no Content-Type");
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedWhetherItsLengthIsKnownOrNot() {
        var body = GENERATE + " ".repeat(64 << 10);

        assertThat(api.put("/v1/jobs/big-job", body).statusCode()).isEqualTo(413);
        var chunked = api.send(api.to("/v1/jobs/big-job").header("Content-Type", "application/json").PUT(BodyPublishers
                .ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(problem(chunked).detail()).contains("65536");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "with\ttab"})
    void aKeyThatCannotBeOneIsRefused(String key) {
        var response = api.send(api.to("/v1/jobs").header("Content-Type", "application/json").header("Idempotency-Key",
                key).POST(BodyPublishers.ofString(GENERATE)));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).violations()).extracting(Violation::field).containsExactly("Idempotency-Key");
    }

    @Test
    void aKeyBeyondTheLimitIsRefused() {
        var response = api.send(api.to("/v1/jobs").header("Content-Type", "application/json").header("Idempotency-Key",
                "k".repeat(256)).POST(BodyPublishers.ofString(GENERATE)));

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void anEventIdOfAnotherStreamIsRefused() {
        api.put("/v1/jobs/good-job", GENERATE);
        var response = api.send(api.to("/v1/jobs/good-job/events").header("Last-Event-ID", "first"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).violations()).extracting(Violation::field).containsExactly("Last-Event-ID");
    }
}
