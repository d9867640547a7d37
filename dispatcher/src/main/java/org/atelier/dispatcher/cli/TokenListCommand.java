package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;

/** {@code token list}: a table of tokens, without their secrets. */
@Command(name = "list", description = "Lists the tokens of all tenants.")
final class TokenListCommand extends ApiCommand {
    private static final String ROW = "%-16s  %-8s  %-16s  %-24s  %-24s  %s%n";

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var tokens = client.tokens();
        if (json()) {
            printJson(tokens);
            return ExitCode.OK;
        }
        out().printf(ROW, "TOKEN", "ROLE", "TENANT", "CREATED", "EXPIRES", "NAME");
        for (var token : tokens.path("tokens")) {
            out().printf(ROW, token.path("id").asText(), token.path("role").asText(), token.path("tenant").asText(),
                    token.path("created_at").asText(), token.path("expires_at").asText("never"), token.path("name")
                            .asText());
        }
        out().flush();
        return ExitCode.OK;
    }
}
