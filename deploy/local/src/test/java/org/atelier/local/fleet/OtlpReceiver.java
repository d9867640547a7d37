package org.atelier.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A collector of traces: takes OTLP over HTTP, and keeps of each span what tests ask for. */
final class OtlpReceiver implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /**
     * A span.
     *
     * @param service    {@code service.name} of the process that made it
     * @param parent     id of its parent; empty where it begins a trace
     * @param attributes texts as they are, whole numbers as texts
     * @param links      ids of the spans that it links to
     */
    record Span(String service, String trace, String id, String parent, String name, Map<String, String> attributes,
            List<String> links) {}

    OtlpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The spans that came so far. */
    List<Span> spans() {
        return List.copyOf(spans);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            for (var resource : Fields.of(exchange.getRequestBody().readAllBytes()).messages(1)) {
                var service = attributes(resource.messages(1).getFirst().messages(1)).getOrDefault("service.name", "");
                resource.messages(2).forEach(scope -> scope.messages(2).forEach(span -> spans.add(span(service,
                        span))));
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Span span(String service, Fields span) {
        return new Span(service, span.hex(1), span.hex(2), span.hex(4), span.text(5), attributes(span.messages(9)), span
                .messages(13).stream().map(link -> link.hex(2)).toList());
    }

    private static Map<String, String> attributes(List<Fields> pairs) {
        var attributes = new HashMap<String, String>();
        for (var pair : pairs) {
            var value = pair.messages(2).getFirst();
            attributes.put(pair.text(1), value.values.containsKey(3)
                    ? String.valueOf(value.values.get(3).getFirst())
                    : value.text(1));
        }
        return attributes;
    }

    /** A message of protocol buffers, by the numbers of its fields: whole numbers, and bytes of everything else. */
    private record Fields(Map<Integer, List<Object>> values) {
        static Fields of(byte[] bytes) {
            var values = new HashMap<Integer, List<Object>>();
            var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                long tag = number(in);
                Object value = switch ((int) (tag & 7)) {
                    case 0 -> number(in);
                    case 1 -> in.getLong();
                    case 2 -> bytes(in, (int) number(in));
                    case 5 -> (long) in.getInt();
                    default -> throw new IllegalStateException("no field of protocol buffers: " + tag);
                };
                values.computeIfAbsent((int) (tag >>> 3), field -> new ArrayList<>()).add(value);
            }
            return new Fields(values);
        }

        private static long number(ByteBuffer in) {
            long number = 0;
            for (int shift = 0;; shift += 7) {
                byte next = in.get();
                number |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return number;
                }
            }
        }

        private static byte[] bytes(ByteBuffer in, int length) {
            var bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        private byte[] bytes(int field) {
            return values.containsKey(field) ? (byte[]) values.get(field).getFirst() : new byte[0];
        }

        String hex(int field) {
            return HEX.formatHex(bytes(field));
        }

        String text(int field) {
            return new String(bytes(field), StandardCharsets.UTF_8);
        }

        List<Fields> messages(int field) {
            return values.getOrDefault(field, List.of()).stream().map(bytes -> of((byte[]) bytes)).toList();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
