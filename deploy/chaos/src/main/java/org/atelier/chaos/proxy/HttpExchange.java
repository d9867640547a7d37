package org.atelier.chaos.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * One HTTP/1.1 request with its answer. The connection is asked to end with it, so that the end of the answer is the end of
 * the stream and no body has to be understood.
 */
final class HttpExchange {
    private static final int LARGEST_HEAD = 64 << 10;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d+)\\s*$");
    private static final Pattern CONNECTION = Pattern.compile("(?im)^connection:[^\r\n]*\r\n");
    private static final String ERROR_BODY = "<Error><Code>InternalError</Code><Message>chaos</Message></Error>";
    private static final String ERROR = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/xml\r\n"
            + "Connection: close\r\nContent-Length: " + ERROR_BODY.length() + "\r\n\r\n" + ERROR_BODY;

    private final InputStream fromClient;
    private final OutputStream toClient;
    private final InputStream fromServer;
    private final OutputStream toServer;

    HttpExchange(Socket client, Socket server) throws IOException {
        this.fromClient = client.getInputStream();
        this.toClient = client.getOutputStream();
        this.fromServer = server.getInputStream();
        this.toServer = server.getOutputStream();
    }

    /** As if nothing were between them. */
    void pass() throws IOException {
        request(toServer);
        fromServer.transferTo(toClient);
    }

    /** The server does not hear of it. */
    void refuse() throws IOException {
        request(OutputStream.nullOutputStream());
        toClient.write(ERROR.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Half of the answer arrives: of its body if it has one, else of its head. */
    void truncate() throws IOException {
        request(toServer);
        var head = head(fromServer);
        var body = fromServer.readAllBytes();
        if (body.length == 0) {
            toClient.write(head, 0, head.length / 2);
        } else {
            toClient.write(head);
            toClient.write(body, 0, body.length / 2);
        }
    }

    /** The head of the answer arrives, or half of it where there is no body to wait for; and then nothing. */
    void stall() throws IOException {
        request(toServer);
        var head = head(fromServer);
        boolean complete = fromServer.read() < 0;
        toClient.write(head, 0, complete ? head.length / 2 : head.length);
        toClient.flush();
    }

    private void request(OutputStream sink) throws IOException {
        var head = new String(head(fromClient), StandardCharsets.ISO_8859_1);
        var once = CONNECTION.matcher(head).replaceAll("");
        sink.write((once.substring(0, once.length() - 2) + "Connection: close\r\n\r\n").getBytes(
                StandardCharsets.ISO_8859_1));
        var length = LENGTH.matcher(head);
        for (long left = length.find() ? Long.parseLong(length.group(1)) : 0; left > 0;) {
            var piece = fromClient.readNBytes((int) Math.min(left, LARGEST_HEAD));
            if (piece.length == 0) {
                throw new EOFException("the request broke off");
            }
            sink.write(piece);
            left -= piece.length;
        }
        sink.flush();
    }

    private static byte[] head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < END_OF_HEAD.length) {
            int next = in.read();
            if (next < 0 || head.size() > LARGEST_HEAD) {
                throw new EOFException("no head of an HTTP message");
            }
            head.write(next);
            matched = next == END_OF_HEAD[matched] ? matched + 1 : next == END_OF_HEAD[0] ? 1 : 0;
        }
        return head.toByteArray();
    }
}
