package org.atelier.dispatcher.cli;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code webhook list}: a table of webhooks and how they are doing. */
@Command(name = "list", description = "Lists the webhooks of the tenant, and how they are doing.")
final class WebhookListCommand extends ApiCommand {
    private static final String ROW = "%-16s  %-7s  %-24s  %-30s  %s%n";

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var webhooks = client.webhooks();
        if (json()) {
            printJson(webhooks);
            return ExitCode.OK;
        }
        out().printf(ROW, "WEBHOOK", "PENDING", "DELIVERED", "EVENTS", "URL");
        for (var webhook : webhooks.path("webhooks")) {
            out().printf(ROW, webhook.path("id").asText(), webhook.path("pending").asText(), webhook.path(
                    "delivered_at")
                    .asText("never"), events(webhook), webhook.path("url").asText() + trouble(webhook));
        }
        out().flush();
        return ExitCode.OK;
    }

    static String events(JsonNode webhook) {
        return StreamSupport.stream(webhook.path("events").spliterator(), false).map(JsonNode::asText).collect(
                Collectors.joining(", "));
    }

    private static String trouble(JsonNode webhook) {
        if (webhook.has("disabled_because")) {
            return " (disabled: " + webhook.path("disabled_because").asText() + ")";
        }
        return webhook.path("pending").asInt() > 0 && webhook.has("failure")
                ? " (" + webhook.path("failure").asText() + ")"
                : "";
    }
}
