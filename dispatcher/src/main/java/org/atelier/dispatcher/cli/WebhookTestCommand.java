package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code webhook test}: a test event, now. */
@Command(name = "test", description = "Sends a test event to a webhook, and says what its receiver answered.")
final class WebhookTestCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the webhook, as webhook list shows it.")
    private String id = "";

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var report = client.testWebhook(id);
        boolean delivered = report.path("delivered").asBoolean();
        if (json()) {
            printJson(report);
        } else if (delivered) {
            err().println("delivered: the receiver answered " + report.path("status").asText());
        } else {
            err().println("not delivered: " + report.path("failure").asText());
        }
        return delivered ? ExitCode.OK : ExitCode.REFUSED;
    }
}
