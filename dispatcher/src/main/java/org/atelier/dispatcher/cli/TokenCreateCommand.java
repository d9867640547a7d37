package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token create}: a new token, printed or saved; nobody can show it again. */
@Command(name = "create", description = "Makes a token. It is printed, or saved to a file, this once.")
final class TokenCreateCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "What the token is for; it stands in the audit.")
    private String name = "";

    @Option(names = "--role", required = true, description = "What it may do: read, submit, operate or admin.")
    private String role = "";

    @Option(names = "--tenant", description = "Whose jobs it sees (default: default).")
    private @Nullable String tenant;

    @Option(names = "--valid-for", paramLabel = "TIME", description = "For example 30d (default: until it is revoked).")
    private @Nullable String validFor;

    @Option(names = "--save", paramLabel = "FILE", description = "Write the secret to this new file, for you alone to read,"
            + " and print it nowhere.")
    private @Nullable Path file;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (file == null) {
            var created = client.createToken(body());
            if (json()) {
                printJson(created);
            } else {
                out().println(created.path("secret").asText());
                out().flush();
                tell(created);
            }
        } else {
            save(client, file);
        }
        return ExitCode.OK;
    }

    /** The file is made first: a token that cannot be written down would be lost. */
    private void save(DispatcherClient client, Path target) throws InterruptedException {
        try (var channel = create(target)) {
            boolean saved = false;
            try {
                var created = client.createToken(body());
                channel.write(StandardCharsets.UTF_8.encode(created.path("secret").asText() + "\n"));
                saved = true;
                tell(created);
            } finally {
                if (!saved) {
                    Files.delete(target);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(target + " is there already and may hold a token: name another file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the token cannot be saved: " + e, e);
        }
    }

    private static FileChannel create(Path target) throws IOException {
        boolean hasPermissions = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        var attributes = hasPermissions
                ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
                        "rw-------"))}
                : new FileAttribute<?>[0];
        return FileChannel.open(target, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes);
    }

    private void tell(JsonNode created) {
        var token = created.path("token");
        err().println("The token " + token.path("id").asText() + " has the role " + token.path("role").asText()
                + " in the tenant " + token.path("tenant").asText() + "; it is not shown again.");
    }

    private JsonNode body() {
        var body = Json.mapper().createObjectNode().put("name", name).put("role", role);
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (validFor != null) {
            body.put("valid_for", validFor);
        }
        return body;
    }
}
