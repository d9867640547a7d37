package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.cli.Shell.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandTest {
    private static final String SECRET = "atl_abc_secret";
    private static final String TOKEN = "{'id':'abc','name':'shop','tenant':'shop','role':'submit',"
            + "'created_at':'2026-01-02T03:04:05Z','created_by':'me'}";
    private static final String NEW = "{'token':" + TOKEN + ",'secret':'" + SECRET + "'}";
    private static final String CREATE = "POST /v1/tokens";

    @RegisterExtension
    private final Shell shell = new Shell(TokenCommand.class);
    @TempDir
    private Path folder;

    @Test
    void aNewTokenIsPrintedAloneSoThatScriptsCanTakeIt() {
        shell.dispatcher().onJson(CREATE, 201, json(NEW));

        assertThat(shell.run("token", "create", "shop", "--role", "submit", "--tenant", "shop", "--valid-for", "90d"))
                .isZero();

        assertThat(shell.out().strip()).isEqualTo(SECRET);
        assertThat(shell.err()).contains("abc", "submit", "shop").doesNotContain(SECRET);
        assertThat(json(shell.dispatcher().asked().getFirst().body())).isEqualTo(json(
                "{'name':'shop','role':'submit','tenant':'shop','valid_for':'90d'}"));
    }

    @Test
    void aSavedTokenIsForItsOwnerAloneAndPrintedNowhere() throws IOException {
        shell.dispatcher().onJson(CREATE, 201, json(NEW));
        var file = folder.resolve("token");

        assertThat(shell.run("token", "create", "shop", "--role", "submit", "--save", file.toString())).isZero();

        assertThat(file).hasContent(SECRET);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(shell.out() + shell.err()).doesNotContain(SECRET);
    }

    @Test
    void noTokenIsMadeThatCouldNotBeSaved() throws IOException {
        var file = Files.writeString(folder.resolve("token"), "old");

        assertThat(shell.run("token", "create", "shop", "--role", "submit", "--save", file.toString())).isEqualTo(
                ExitCode.FAILED);

        assertThat(shell.dispatcher().asked()).isEmpty();
        assertThat(file).hasContent("old");
        assertThat(shell.err()).contains("is there already");
    }

    @Test
    void aRefusalLeavesNoFile() {
        shell.dispatcher().onProblem(CREATE, 403,
                "{\"type\":\"urn:atelier:problem:forbidden\",\"title\":\"no\",\"status\":403,"
                        + "\"detail\":\"needs the role admin\"}");
        var file = folder.resolve("token");

        assertThat(shell.run("token", "create", "shop", "--role", "submit", "--save", file.toString())).isEqualTo(
                ExitCode.REFUSED);

        assertThat(file).doesNotExist();
        assertThat(shell.err()).contains("needs the role admin");
    }

    @Test
    void listShowsWhoHasWhich() {
        shell.dispatcher().onJson("GET /v1/tokens", 200, json("{'tokens':[" + TOKEN + "]}"));

        assertThat(shell.run("token", "list")).isZero();

        assertThat(shell.out()).contains("abc", "submit", "shop", "never");
    }

    @Test
    void revokeAsksForTheTokenAlone() {
        shell.dispatcher().on("DELETE /v1/tokens/abc", 204, "text/plain", new byte[0]);

        assertThat(shell.run("token", "revoke", "abc")).isZero();

        assertThat(shell.dispatcher().asked()).singleElement().satisfies(asked -> assertThat(asked.line()).isEqualTo(
                "DELETE /v1/tokens/abc"));
        assertThat(shell.err()).contains("abc is revoked");
    }
}
