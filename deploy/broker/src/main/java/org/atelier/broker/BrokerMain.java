package org.atelier.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * Runs the broker until the process is told to end.
 *
 * <p>The storage is formatted here, in the process that will use it: Kafka's own tool would be one more JVM to wait for.
 */
public final class BrokerMain {
    private static final String USAGE = "arguments: <data folder> <port> <controller port>"
            + " [<port behind a proxy> <port of the proxy>]";
    private static final int PLAIN = 3;
    private static final int PROXIED = 5;

    private BrokerMain() {}

    /**
     * Runs.
     *
     * @param args data folder, port for clients, port of the controller; for clients that are to stay behind a proxy, a port
     *             for the proxy, and the proxy's own, which those clients are told
     */
    public static void main(String[] args) throws IOException {
        if (args.length != PLAIN && args.length != PROXIED) {
            throw new IllegalArgumentException(USAGE);
        }
        var folder = Path.of(args[0]).toAbsolutePath();
        var settings = new BrokerSettings(folder.resolve("log"), Integer.parseInt(args[1]), Integer.parseInt(args[2]),
                args.length == PROXIED
                        ? Optional.of(new BrokerSettings.Proxied(Integer.parseInt(args[3]), Integer.parseInt(args[4])))
                        : Optional.empty());
        Files.createDirectories(settings.log());
        var file = write(settings, folder.resolve("server.properties"));
        if (!Files.exists(settings.log().resolve("meta.properties"))) {
            format(file);
        }
        Kafka.main(new String[]{file.toString()});
    }

    private static Path write(BrokerSettings settings, Path file) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            settings.properties().store(out, "Written at each start; edits are lost.");
        }
        return file;
    }

    private static void format(Path properties) {
        var said = new ByteArrayOutputStream();
        int status = StorageTool.execute(new String[]{"format", "--standalone", "--cluster-id",
                Uuid.randomUuid().toString(), "--config", properties.toString()}, new PrintStream(said, true, UTF_8));
        if (status != 0) {
            throw new IllegalStateException("Kafka's storage could not be formatted: " + said.toString(UTF_8));
        }
    }
}
