package org.atelier.dispatcher.cli;

import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code webhook create}: a new webhook; its secret is printed or saved, and nobody can show it again. */
@Command(name = "create", description = "Makes a webhook. Its secret is printed, or saved to a file, this once.")
final class WebhookCreateCommand extends ApiCommand {
    @Parameters(paramLabel = "URL", description = "Where to, by https.")
    private String url = "";

    @Option(names = "--event", description = "What is told: run.queued, attempt.started, attempt.failed,"
            + " run.cancel-requested or run.ended (default: run.ended). May be given several times.")
    private List<String> events = List.of();

    @Option(names = "--parts", description = "Tell of the parts of composite jobs too.")
    private boolean parts;

    @Option(names = "--description", description = "What it is for.")
    private @Nullable String description;

    @Option(names = "--save", paramLabel = "FILE", description = "Write the secret to this new file, for you alone to read,"
            + " and print it nowhere.")
    private @Nullable Path file;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        NewSecret.show(this, file, "webhook", () -> client.createWebhook(body()), this::tell);
        return ExitCode.OK;
    }

    private void tell(JsonNode created) {
        var webhook = created.path("webhook");
        err().println("The webhook " + webhook.path("id").asText() + " is told of " + WebhookListCommand.events(
                webhook) + " from now on; its secret is not shown again.");
    }

    private JsonNode body() {
        var body = Json.mapper().createObjectNode().put("url", url);
        if (!events.isEmpty()) {
            events.forEach(body.putArray("events")::add);
        }
        if (parts) {
            body.put("parts", true);
        }
        if (description != null) {
            body.put("description", description);
        }
        return body;
    }
}
