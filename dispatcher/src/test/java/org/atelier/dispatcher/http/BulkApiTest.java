package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.support.Intakes.GENERATE;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import org.atelier.common.job.JobId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkApiTest {
    private static final String BULK = "/v1/jobs:bulk";

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

    private HttpResponse<String> lines(String... lines) {
        return api.send(api.to(BULK).header("Content-Type", "application/x-ndjson").POST(BodyPublishers.ofString(String
                .join("\n", lines) + "\n\n")));
    }

    /** A submission on one line, with another field. */
    private static String with(String field) {
        return GENERATE.strip().replaceFirst("\\{", "{" + field + ", ");
    }

    private static String outcomes(HttpResponse<String> response) {
        return StreamSupport.stream(json(response).path("items").spliterator(), false).map(item -> item.path("outcome")
                .asText()).collect(Collectors.joining(" "));
    }

    @Test
    void eachStandsAlone() {
        var response = lines(with("\"id\": \"job-1\""), with("\"idempotency_key\": \"order 1\""), "no json",
                "[1]", "{\"id\": \"job-2\", \"request\": {\"type\": \"generate\", \"bundle\": \"none\"}}", with(
                        "\"idempotency_key\": \"order-2\""), GENERATE.strip(), with("\"id\": \"../x\""), with(
                                "\"id\": \"job-3\", \"idempotency_key\": \"k\""));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(outcomes(response)).isEqualTo(
                "accepted refused refused refused refused accepted accepted refused refused");
        var report = json(response);
        assertThat(report.path("accepted").asInt()).isEqualTo(3);
        assertThat(report.path("refused").asInt()).isEqualTo(6);
        assertThat(report.at("/items/0/job").asText()).isEqualTo("job-1");
        assertThat(report.at("/items/5/job").asText()).isEqualTo(JobId.ofKey("default", "order-2").value());
        assertThat(report.at("/items/4/problem/violations").size()).isPositive();
        assertThat(report.at("/items/2/problem/type").asText()).endsWith("invalid-json");
        assertThat(api.get("/v1/jobs/job-1").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/jobs/job-2").statusCode()).isEqualTo(404);
    }

    @Test
    void aRepeatOfTheWholeIsHarmless() {
        var body = "[" + with("\"id\": \"job-1\"") + "," + with("\"idempotency_key\": \"k\"") + "]";
        assertThat(outcomes(api.post(BULK, body))).isEqualTo("accepted accepted");
        assertThat(outcomes(api.post(BULK, body))).isEqualTo("known known");
        assertThat(outcomes(api.post(BULK, body.replace("85", "86")))).isEqualTo("refused refused");
    }

    @Test
    void anIdTwiceIsOneJob() {
        assertThat(outcomes(lines(with("\"id\": \"job-1\""), with("\"id\": \"job-1\"")))).isEqualTo("accepted known");
    }

    @Test
    void itIsTheSameJobAsAlone() {
        api.put("/v1/jobs/job-1", GENERATE);
        assertThat(outcomes(lines(with("\"id\": \"job-1\"")))).isEqualTo("known");
    }

    @Test
    void whatNamesAnotherOfTheSameRequestComesAfterIt() {
        var jobs = IntStream.range(0, 40).mapToObj(i -> i == 0
                ? with("\"id\": \"chain-0\"")
                : with("\"id\": \"chain-" + i + "\", \"depends_on\": [\"chain-" + (i - 1) + "\"]")).toArray(
                        String[]::new);

        assertThat(json(lines(jobs)).path("accepted").asInt()).isEqualTo(40);
    }

    @RepeatedTest(20)
    void whatNamesALaterOneComesBeforeIt() {
        assertThat(outcomes(lines(with("\"id\": \"later-1\", \"depends_on\": [\"later-2\"]"), with(
                "\"id\": \"later-2\"")))).isEqualTo("refused accepted");
    }

    @Test
    void whatIsTooMuchIsRefusedAsAWhole() {
        assertThat(lines(IntStream.rangeClosed(0, BulkRoutes.MAX_ITEMS).mapToObj(i -> "{}").toArray(String[]::new))
                .statusCode()).isEqualTo(413);
        assertThat(lines(" ".repeat(BulkRoutes.MAX_BODY + 1)).statusCode()).isEqualTo(413);
        assertThat(lines().statusCode()).isEqualTo(400);
        assertThat(api.post(BULK, "{}").statusCode()).isEqualTo(400);
        assertThat(api.post(BULK, "[").statusCode()).isEqualTo(400);
        assertThat(api.send(api.to(BULK).header("Content-Type", "text/plain").POST(BodyPublishers.ofString("x")))
                .statusCode()).isEqualTo(415);
        assertThat(outcomes(lines("{\"labels\": {\"a\": \"" + "x".repeat(Requests.MAX_BODY) + "\"}}", GENERATE
                .strip()))).isEqualTo("refused accepted");
    }

    @Test
    void anOutageIsToldOfEach() {
        api.fleet.store.setDown(true);
        var response = lines(with("\"id\": \"job-1\""), with("\"id\": \"job-2\""));
        assertThat(outcomes(response)).isEqualTo("refused refused");
        assertThat(json(response).at("/items/1/problem/status").asInt()).isEqualTo(503);
        api.fleet.store.setDown(false);
        assertThat(outcomes(lines(with("\"id\": \"job-1\""), with("\"id\": \"job-2\"")))).isEqualTo(
                "accepted accepted");
    }
}
