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

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.client.FakeDispatcher;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCommandTest {
    private static final String SECRET = "atl_abc_secret";
    private static final String TOKEN = "{'id':'abc','name':'shop','tenant':'shop','role':'submit',"
            + "'created_at':'2026-01-02T03:04:05Z','created_by':'me'}";
    private static final String NEW = "{'token':" + TOKEN + ",'secret':'" + SECRET + "'}";
    private static final String CREATE = "POST /v1/tokens";

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

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", dispatcher.url().toString()));
        return new CommandLine(new TokenCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(new ErrorHandler(List.of()))
                .execute(all.toArray(String[]::new));
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    @Test
    void aNewTokenIsPrintedAloneSoThatScriptsCanTakeIt() {
        dispatcher.onJson(CREATE, 201, json(NEW));

        assertThat(run("create", "shop", "--role", "submit", "--tenant", "shop", "--valid-for", "90d")).isZero();

        assertThat(out.toString().strip()).isEqualTo(SECRET);
        assertThat(err.toString()).contains("abc", "submit", "shop").doesNotContain(SECRET);
        assertThat(json(dispatcher.asked().getFirst().body())).isEqualTo(json(
                "{'name':'shop','role':'submit','tenant':'shop','valid_for':'90d'}"));
    }

    @Test
    void aSavedTokenIsForItsOwnerAloneAndPrintedNowhere() throws IOException {
        dispatcher.onJson(CREATE, 201, json(NEW));
        var file = folder.resolve("token");

        assertThat(run("create", "shop", "--role", "submit", "--save", file.toString())).isZero();

        assertThat(file).hasContent(SECRET);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(out.toString() + err).doesNotContain(SECRET);
    }

    @Test
    void noTokenIsMadeThatCouldNotBeSaved() throws IOException {
        var file = Files.writeString(folder.resolve("token"), "old");

        assertThat(run("create", "shop", "--role", "submit", "--save", file.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(dispatcher.asked()).isEmpty();
        assertThat(file).hasContent("old");
        assertThat(err.toString()).contains("is there already");
    }

    @Test
    void aRefusalLeavesNoFile() {
        dispatcher.onProblem(CREATE, 403, "{\"type\":\"urn:atelier:problem:forbidden\",\"title\":\"no\",\"status\":403,"
                + "\"detail\":\"needs the role admin\"}");
        var file = folder.resolve("token");

        assertThat(run("create", "shop", "--role", "submit", "--save", file.toString())).isEqualTo(ExitCode.REFUSED);

        assertThat(file).doesNotExist();
        assertThat(err.toString()).contains("needs the role admin");
    }

    @Test
    void listShowsWhoHasWhich() {
        dispatcher.onJson("GET /v1/tokens", 200, json("{'tokens':[" + TOKEN + "]}"));

        assertThat(run("list")).isZero();

        assertThat(out.toString()).contains("abc", "submit", "shop", "never");
    }

    @Test
    void revokeAsksForTheTokenAlone() {
        dispatcher.on("DELETE /v1/tokens/abc", 204, "text/plain", new byte[0]);

        assertThat(run("revoke", "abc")).isZero();

        assertThat(dispatcher.asked()).singleElement().satisfies(asked -> assertThat(asked.line()).isEqualTo(
                "DELETE /v1/tokens/abc"));
        assertThat(err.toString()).contains("abc is revoked");
    }
}
