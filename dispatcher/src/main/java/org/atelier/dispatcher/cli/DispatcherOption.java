package org.atelier.dispatcher.cli;

import java.net.URI;

import picocli.CommandLine.Option;

/** The option of every command that talks to a dispatcher. */
final class DispatcherOption {
    /** Environment variable. */
    static final String VARIABLE = "ATELIER_URL";

    @Option(names = "--url", paramLabel = "URL", defaultValue = "${env:" + VARIABLE
            + ":-http://127.0.0.1:8080}", description = "Address of the dispatcher (default: the variable " + VARIABLE
                    + ", or http://127.0.0.1:8080).")
    private URI url = URI.create("http://127.0.0.1:8080");

    DispatcherClient connect() {
        return new DispatcherClient(url);
    }
}
