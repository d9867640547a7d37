package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code webhook delete}: nothing more is told. */
@Command(name = "delete", description = "Removes a webhook; what was still to be delivered to it is dropped.")
final class WebhookDeleteCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the webhook, as webhook list shows it.")
    private String id = "";

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        client.deleteWebhook(id);
        err().println("The webhook " + id + " is removed.");
        return ExitCode.OK;
    }
}
