package org.atelier.dispatcher.cli;

import picocli.CommandLine.Command;

/** {@code token}: who may ask the dispatcher; its subcommands do the work. */
@Command(name = "token", mixinStandardHelpOptions = true, description = {
        "Makes, lists and revokes tokens of the API; needs the role admin.",
        "From the first token on everybody needs one."}, subcommands = {TokenCreateCommand.class,
                TokenListCommand.class, TokenRevokeCommand.class}, footer = {
                        "%nExamples:",
                        "  token create me --role admin --save ~/.atelier-token",
                        "  token create shop --tenant shop --role submit --valid-for 90d --token-file ~/.atelier-token"})
public final class TokenCommand {}
