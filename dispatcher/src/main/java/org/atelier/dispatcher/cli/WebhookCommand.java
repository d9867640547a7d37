package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;

/** {@code webhook}: who is told of what; its subcommands do the work. */
@Command(name = "webhook", mixinStandardHelpOptions = true, description = {
        "Has events of jobs told to web addresses, signed as Standard Webhooks says it; needs the role operate."}, subcommands = {
                WebhookCreateCommand.class, WebhookListCommand.class, WebhookTestCommand.class,
                WebhookRotateCommand.class, WebhookDeleteCommand.class}, footer = {
                        "%nExamples:",
                        "  webhook create https://shop.example/hooks/atelier --save ~/.atelier-webhook",
                        "  webhook create https://ops.example/failures --event attempt.failed --event run.ended",
                        "  webhook test 5f3c9a1e0b7d4421"})
public final class WebhookCommand {}
