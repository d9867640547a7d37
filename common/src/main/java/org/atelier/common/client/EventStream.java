package org.atelier.common.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

/** Reads a stream of server-sent events (WHATWG HTML, section 9.2.6). */
final class EventStream implements AutoCloseable {
    private final BufferedReader lines;
    private @Nullable String id;

    /**
     * One event.
     *
     * @param id   the last id that the stream gave, which is where to resume; absent before the first
     * @param name what kind of event
     * @param data its lines
     */
    record ServerEvent(@Nullable String id, String name, String data) {}

    EventStream(InputStream in) {
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next event; empty at the end of the stream, where an unfinished event is dropped. */
    Optional<ServerEvent> next() throws IOException {
        var name = "message";
        var data = new StringJoiner("\n");
        boolean any = false;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (any) {
                    return Optional.of(new ServerEvent(id, name, data.toString()));
                }
                name = "message";
                continue;
            }
            int colon = line.indexOf(':');
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(line.startsWith(": ", colon) ? colon + 2 : colon + 1);
            switch (field) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> {
                    data.add(value);
                    any = true;
                }
                default -> {
                    // Comments keep the connection alive; "retry" is for browsers.
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
