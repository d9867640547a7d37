package org.atelier.dispatcher.cli;

import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token create}: a new token, printed or saved; nobody can show it again. */
@Command(name = "create", description = "Makes a token. It is printed, or saved to a file, this once.")
final class TokenCreateCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "What the token is for; it stands in the audit.")
    private String name = "";

    @Option(names = "--role", required = true, description = "What it may do: read, submit, operate or admin.")
    private String role = "";

    @Option(names = "--tenant", description = "Whose jobs it sees (default: default).")
    private @Nullable String tenant;

    @Option(names = "--valid-for", paramLabel = "TIME", description = "For example 30d (default: until it is revoked).")
    private @Nullable String validFor;

    @Option(names = "--save", paramLabel = "FILE", description = "Write the secret to this new file, for you alone to read,"
            + " and print it nowhere.")
    private @Nullable Path file;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        NewSecret.show(this, file, "token", () -> client.createToken(body()), this::tell);
        return ExitCode.OK;
    }

    private void tell(JsonNode created) {
        var token = created.path("token");
        err().println("The token " + token.path("id").asText() + " has the role " + token.path("role").asText()
                + " in the tenant " + token.path("tenant").asText() + "; it is not shown again.");
    }

    private JsonNode body() {
        var body = Json.mapper().createObjectNode().put("name", name).put("role", role);
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (validFor != null) {
            body.put("valid_for", validFor);
        }
        return body;
    }
}
