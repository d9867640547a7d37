package org.atelier.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
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
            + " [--proxied <port> <port of the proxy>] [--secured <SASL port> <mTLS port> <folder>]";
    private static final int PLAIN = 3;

    private BrokerMain() {}

    /**
     * Runs.
     *
     * @param args data folder, port for clients, port of the controller; {@code --proxied}, for clients that are to stay behind a
     *             proxy: a port for the proxy, and the proxy's own, which those clients are told; {@code --secured}: see
     *             {@link BrokerSettings.Secured}
     */
    public static void main(String[] args) throws IOException {
        var settings = settings(List.of(args));
        Files.createDirectories(settings.log());
        var file = write(settings, settings.log().resolveSibling("server.properties"));
        if (!Files.exists(settings.log().resolve("meta.properties"))) {
            format(file);
        }
        Kafka.main(new String[]{file.toString()});
    }

    private static BrokerSettings settings(List<String> args) {
        if (args.size() < PLAIN) {
            throw new IllegalArgumentException(USAGE);
        }
        var folder = Path.of(args.getFirst()).toAbsolutePath();
        var proxied = Optional.<BrokerSettings.Proxied>empty();
        var secured = Optional.<BrokerSettings.Secured>empty();
        var more = args.subList(PLAIN, args.size()).iterator();
        while (more.hasNext()) {
            switch (more.next()) {
                case "--proxied" -> proxied = Optional.of(new BrokerSettings.Proxied(port(more), port(more)));
                case "--secured" -> secured = Optional.of(new BrokerSettings.Secured(port(more), port(more), Path.of(
                        more
                                .next()).toAbsolutePath()));
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new BrokerSettings(folder.resolve("log"), Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2)),
                proxied, secured);
    }

    private static int port(Iterator<String> args) {
        return Integer.parseInt(args.next());
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
