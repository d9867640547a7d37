package org.atelier.dispatcher.cli;

import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code webhook rotate}: another secret, beside which the old one signs for a day. */
@Command(name = "rotate", description = "Gives a webhook another secret; the one before signs beside it for 24 hours.")
final class WebhookRotateCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the webhook, as webhook list shows it.")
    private String id = "";

    @Option(names = "--save", paramLabel = "FILE", description = "Write the secret to this new file, for you alone to read,"
            + " and print it nowhere.")
    private @Nullable Path file;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        NewSecret.show(this, file, "secret", () -> client.rotateWebhook(id), this::tell);
        return ExitCode.OK;
    }

    private void tell(JsonNode rotated) {
        err().println("The webhook " + rotated.path("webhook").path("id").asText()
                + " signs with this secret, and for 24 hours with the one before too.");
    }
}
