package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.cli.Shell.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code webhook} and {@code submit --bulk}. */
class WebhookCommandTest {
    private static final String WEBHOOK = "{'id':'abc','tenant':'shop','url':'https://shop.example/hook',"
            + "'description':'','events':['run.ended'],'parts':false,'created_at':'2026-01-02T03:04:05Z',"
            + "'created_by':'me','secrets':['2026-01-02T03:04:05Z'],'pending':3,'failure':'the receiver answered 500'}";
    private static final String NEW = "{'webhook':" + WEBHOOK + ",'secret':'whsec_1'}";
    private static final String BULK = "POST /v1/jobs:bulk";

    @RegisterExtension
    private final Shell shell = new Shell(WebhookCommand.class, SubmitCommand.class);
    @TempDir
    private Path folder;

    private int webhook(String... arguments) {
        return shell.run(Stream.concat(Stream.of("webhook"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void aNewSecretIsPrintedAlone() {
        shell.dispatcher().onJson("POST /v1/webhooks", 201, json(NEW));

        assertThat(webhook("create", "https://shop.example/hook", "--event", "run.ended", "--event", "attempt.failed"))
                .isZero();

        assertThat(shell.out().strip()).isEqualTo("whsec_1");
        assertThat(shell.err()).contains("abc", "run.ended").doesNotContain("whsec_1");
        assertThat(json(shell.dispatcher().asked().getFirst().body())).isEqualTo(json(
                "{'url':'https://shop.example/hook','events':['run.ended','attempt.failed']}"));
    }

    @Test
    void anotherSecretIsSavedForItsOwnerAlone() throws IOException {
        shell.dispatcher().onJson("POST /v1/webhooks/abc/secret", 201, json(NEW));
        var file = folder.resolve("secret");

        assertThat(webhook("rotate", "abc", "--save", file.toString())).isZero();

        assertThat(file).hasContent("whsec_1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(shell.out() + shell.err()).doesNotContain("whsec_1").contains("24 hours");
    }

    @Test
    void listShowsWhatGoesWrong() {
        shell.dispatcher().onJson("GET /v1/webhooks", 200, json("{'webhooks':[" + WEBHOOK + "]}"));

        assertThat(webhook("list")).isZero();

        assertThat(shell.out()).contains("abc", "3", "never", "https://shop.example/hook",
                "the receiver answered 500");
    }

    @Test
    void aTestThatFailsIsAFailure() {
        shell.dispatcher().onJson("POST /v1/webhooks/abc/test", 200, json(
                "{'event':'test-1','delivered':false,'status':500,'failure':'the receiver answered 500'}"));
        assertThat(webhook("test", "abc")).isEqualTo(ExitCode.REFUSED);
        assertThat(shell.err()).contains("not delivered", "500");

        shell.dispatcher().onJson("POST /v1/webhooks/good/test", 200, json(
                "{'event':'test-1','delivered':true,'status':204}"));
        assertThat(webhook("test", "good")).isZero();
    }

    @Test
    void deleteAsksForTheWebhookAlone() {
        shell.dispatcher().on("DELETE /v1/webhooks/abc", 204, "text/plain", new byte[0]);

        assertThat(webhook("delete", "abc")).isZero();

        assertThat(shell.dispatcher().asked()).singleElement().satisfies(asked -> assertThat(asked.line()).isEqualTo(
                "DELETE /v1/webhooks/abc"));
    }

    @Test
    void manyAreSubmittedAtOnceAndRefusalsNameTheirLine() throws IOException {
        shell.dispatcher().onJson(BULK, 200, json("{'accepted':1,'known':0,'refused':1,'items':["
                + "{'index':0,'outcome':'accepted','job':'job-1'},{'index':1,'outcome':'refused','problem':"
                + "{'type':'x','title':'No','status':422,'detail':'it is wrong','violations':[{'field':'/request',"
                + "'message':'is missing'}]}}]}"));
        var file = Files.writeString(folder.resolve("jobs.ndjson"), "{\"a\": 1}\n\n{\"b\": 2}\n");

        assertThat(shell.run("submit", "--bulk", file.toString())).isEqualTo(ExitCode.REFUSED);

        assertThat(shell.out().strip()).isEqualTo("job-1");
        assertThat(shell.err()).contains("line 3: No: it is wrong", "/request is missing",
                "1 accepted, 0 known already, 1 refused");
        assertThat(shell.dispatcher().asked().getFirst().body()).isEqualTo("{\"a\": 1}\n{\"b\": 2}\n");
    }

    @Test
    void moreThanARequestTakesAreSeveralRequests() throws IOException {
        shell.dispatcher().onJson(BULK, 200, json("{'accepted':1000,'known':0,'refused':0,'items':[]}"));
        var file = Files.writeString(folder.resolve("jobs.ndjson"), IntStream.range(0, 1_001).mapToObj(i -> "{}")
                .collect(Collectors.joining("\n")));

        assertThat(shell.run("submit", "--bulk", file.toString())).isZero();

        assertThat(shell.dispatcher().asked()).hasSize(2);
        assertThat(shell.dispatcher().asked().getLast().body()).isEqualTo("{}\n");
    }
}
