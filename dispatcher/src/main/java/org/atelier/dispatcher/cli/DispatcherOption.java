package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.atelier.common.client.ApiConnection;
import org.atelier.common.client.Trust;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that talks to a dispatcher. */
final class DispatcherOption {
    /** Environment variable. */
    static final String VARIABLE = "ATELIER_URL";

    @Option(names = "--url", paramLabel = "URL", defaultValue = "${env:" + VARIABLE
            + ":-http://127.0.0.1:8080}", description = "Address of the dispatcher (default: the variable " + VARIABLE
                    + ", or http://127.0.0.1:8080).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--token-file", paramLabel = "FILE", defaultValue = "${env:ATELIER_TOKEN_FILE}", description = "File with the API token (default: the variable ATELIER_TOKEN_FILE; none where the dispatcher asks for none).")
    private @Nullable Path tokenFile;

    @Option(names = "--ca-file", paramLabel = "FILE", defaultValue = "${env:ATELIER_CA_FILE}", description = "PEM file with the authorities that vouch for the dispatcher's certificate (default: the variable ATELIER_CA_FILE; those of the JDK).")
    private @Nullable Path authorityFile;

    DispatcherClient connect() throws IOException {
        Optional<String> token = tokenFile == null
                ? Optional.empty()
                : Optional.of(Files.readString(tokenFile)
                        .strip());
        return new DispatcherClient(authorityFile == null
                ? new ApiConnection(url, token)
                : new ApiConnection(url, token, Trust.in(authorityFile)));
    }
}
