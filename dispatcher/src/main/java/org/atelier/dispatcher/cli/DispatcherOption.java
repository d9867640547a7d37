package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.atelier.common.client.ApiConnection;
import org.atelier.common.client.Trust;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of every command that talks to a dispatcher. */
final class DispatcherOption {
    /** Environment variable. */
    static final String VARIABLE = "ATELIER_URL";

    private static final String HERE = "http://127.0.0.1:8080";

    @Option(names = "--url", paramLabel = "URL", converter = Address.class, defaultValue = "${env:" + VARIABLE
            + ":-" + HERE + "}", description = "Address of the dispatcher (default: the variable " + VARIABLE
                    + ", or http://127.0.0.1:8080).")
    private URI url = URI.create(HERE);

    @Option(names = "--token-file", paramLabel = "FILE", defaultValue = "${env:ATELIER_TOKEN_FILE}", description = "File with the API token (default: the variable ATELIER_TOKEN_FILE; none where the dispatcher asks for none).")
    private @Nullable Path tokenFile;

    @Option(names = "--ca-file", paramLabel = "FILE", defaultValue = "${env:ATELIER_CA_FILE}", description = "PEM file with the authorities that vouch for the dispatcher's certificate (default: the variable ATELIER_CA_FILE; those of the JDK).")
    private @Nullable Path authorityFile;

    /** An address; an empty variable is one that is not set, as shells have it. */
    static final class Address implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            var address = URI.create(text.isBlank() ? HERE : text.strip());
            if (address.getHost() == null || !List.of("http", "https").contains(address.getScheme())) {
                throw new TypeConversionException("'" + text + "' is no address such as " + HERE);
            }
            return address;
        }
    }

    DispatcherClient connect() throws IOException {
        var token = named(tokenFile);
        var authorities = named(authorityFile);
        var secret = token.map(DispatcherOption::read);
        return new DispatcherClient(authorities.isPresent()
                ? new ApiConnection(url, secret, Trust.in(authorities.get()))
                : new ApiConnection(url, secret));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the token's file cannot be read (--token-file, ATELIER_TOKEN_FILE): " + e,
                    e);
        }
    }

    private static Optional<Path> named(@Nullable Path file) {
        return Optional.ofNullable(file).filter(path -> !path.toString().isBlank());
    }
}
