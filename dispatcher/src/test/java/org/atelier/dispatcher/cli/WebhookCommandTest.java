package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.client.FakeDispatcher;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code webhook} and {@code submit --bulk}. */
class WebhookCommandTest {
    private static final String WEBHOOK = "{'id':'abc','tenant':'shop','url':'https://shop.example/hook',"
            + "'description':'','events':['run.ended'],'parts':false,'created_at':'2026-01-02T03:04:05Z',"
            + "'created_by':'me','secrets':['2026-01-02T03:04:05Z'],'pending':3,'failure':'the receiver answered 500'}";
    private static final String NEW = "{'webhook':" + WEBHOOK + ",'secret':'whsec_1'}";
    private static final String BULK = "POST /v1/jobs:bulk";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeDispatcher dispatcher;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        dispatcher = new FakeDispatcher();
    }

    @AfterEach
    void stop() {
        dispatcher.close();
    }

    private int run(Object command, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", dispatcher.url().toString()));
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(new ErrorHandler(List.of()))
                .execute(all.toArray(String[]::new));
    }

    private int webhook(String... arguments) {
        return run(new WebhookCommand(), arguments);
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    @Test
    void aNewSecretIsPrintedAlone() {
        dispatcher.onJson("POST /v1/webhooks", 201, json(NEW));

        assertThat(webhook("create", "https://shop.example/hook", "--event", "run.ended", "--event", "attempt.failed"))
                .isZero();

        assertThat(out.toString().strip()).isEqualTo("whsec_1");
        assertThat(err.toString()).contains("abc", "run.ended").doesNotContain("whsec_1");
        assertThat(json(dispatcher.asked().getFirst().body())).isEqualTo(json(
                "{'url':'https://shop.example/hook','events':['run.ended','attempt.failed']}"));
    }

    @Test
    void anotherSecretIsSavedForItsOwnerAlone() throws IOException {
        dispatcher.onJson("POST /v1/webhooks/abc/secret", 201, json(NEW));
        var file = folder.resolve("secret");

        assertThat(webhook("rotate", "abc", "--save", file.toString())).isZero();

        assertThat(file).hasContent("whsec_1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(out.toString() + err).doesNotContain("whsec_1").contains("24 hours");
    }

    @Test
    void listShowsWhatGoesWrong() {
        dispatcher.onJson("GET /v1/webhooks", 200, json("{'webhooks':[" + WEBHOOK + "]}"));

        assertThat(webhook("list")).isZero();

        assertThat(out.toString()).contains("abc", "3", "never", "https://shop.example/hook",
                "the receiver answered 500");
    }

    @Test
    void aTestThatFailsIsAFailure() {
        dispatcher.onJson("POST /v1/webhooks/abc/test", 200, json(
                "{'event':'test-1','delivered':false,'status':500,'failure':'the receiver answered 500'}"));
        assertThat(webhook("test", "abc")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("not delivered", "500");

        dispatcher.onJson("POST /v1/webhooks/good/test", 200, json("{'event':'test-1','delivered':true,'status':204}"));
        assertThat(webhook("test", "good")).isZero();
    }

    @Test
    void deleteAsksForTheWebhookAlone() {
        dispatcher.on("DELETE /v1/webhooks/abc", 204, "text/plain", new byte[0]);

        assertThat(webhook("delete", "abc")).isZero();

        assertThat(dispatcher.asked()).singleElement().satisfies(asked -> assertThat(asked.line()).isEqualTo(
                "DELETE /v1/webhooks/abc"));
    }

    @Test
    void manyAreSubmittedAtOnceAndRefusalsNameTheirLine() throws IOException {
        dispatcher.onJson(BULK, 200, json("{'accepted':1,'known':0,'refused':1,'items':["
                + "{'index':0,'outcome':'accepted','job':'job-1'},{'index':1,'outcome':'refused','problem':"
                + "{'type':'x','title':'No','status':422,'detail':'it is wrong','violations':[{'field':'/request',"
                + "'message':'is missing'}]}}]}"));
        var file = Files.writeString(folder.resolve("jobs.ndjson"), "{\"a\": 1}\n\n{\"b\": 2}\n");

        assertThat(run(new SubmitCommand(), "--bulk", file.toString())).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString().strip()).isEqualTo("job-1");
        assertThat(err.toString()).contains("line 3: No: it is wrong", "/request is missing",
                "1 accepted, 0 known already, 1 refused");
        assertThat(dispatcher.asked().getFirst().body()).isEqualTo("{\"a\": 1}\n{\"b\": 2}\n");
    }

    @Test
    void moreThanARequestTakesAreSeveralRequests() throws IOException {
        dispatcher.onJson(BULK, 200, json("{'accepted':1000,'known':0,'refused':0,'items':[]}"));
        var file = Files.writeString(folder.resolve("jobs.ndjson"), IntStream.range(0, 1_001).mapToObj(i -> "{}")
                .collect(Collectors.joining("\n")));

        assertThat(run(new SubmitCommand(), "--bulk", file.toString())).isZero();

        assertThat(dispatcher.asked()).hasSize(2);
        assertThat(dispatcher.asked().getLast().body()).isEqualTo("{}\n");
    }
}
