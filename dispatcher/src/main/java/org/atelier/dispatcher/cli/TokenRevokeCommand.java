package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code token revoke}: from now on a token is worth nothing. */
@Command(name = "revoke", description = "Revokes a token; other dispatchers notice within 10 s.")
final class TokenRevokeCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the token, as token list shows it.")
    private String id = "";

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        client.revokeToken(id);
        err().println("The token " + id + " is revoked.");
        return ExitCode.OK;
    }
}
