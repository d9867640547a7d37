package org.atelier.chaos.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One client's connection through a link. */
final class Connection {
    private static final int PIECE = 16 << 10;
    /** A trickle comes in pieces of this part of a second. */
    private static final int PIECES_A_SECOND = 10;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Socket client;
    private final Socket server;
    private final Condition condition;
    private final Random random;
    private final Consumer<Connection> onEnd;

    Connection(Socket client, Socket server, Condition condition, Random random, Consumer<Connection> onEnd) {
        this.client = client;
        this.server = server;
        this.condition = condition;
        this.random = random;
        this.onEnd = onEnd;
    }

    /** Carries the bytes of one direction until either side ends. */
    void pump(LinkFault.Direction direction) {
        boolean up = direction == LinkFault.Direction.TO_SERVER;
        try {
            pump(direction, (up ? client : server).getInputStream(), (up ? server : client).getOutputStream());
            (up ? server : client).shutdownOutput();
        } catch (IOException e) {
            // One side is gone: that is what links carry too.
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
        if (client.isOutputShutdown() && server.isOutputShutdown()) {
            reset();
        }
    }

    private void pump(LinkFault.Direction direction, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        var piece = new byte[PIECE];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            condition.awaitPassage(direction);
            carry(piece, count, out);
        }
        // The end of a stream is news too, which a silent link does not tell.
        condition.awaitPassage(direction);
    }

    private void carry(byte[] piece, int count, OutputStream out) throws IOException, InterruptedException {
        int sent = 0;
        while (sent < count) {
            int now = count - sent;
            var fault = condition.fault();
            if (fault instanceof LinkFault.Late late) {
                long jitter = late.jitter().toNanos();
                condition.await(late.delay().toNanos() + (jitter == 0 ? 0 : random.nextLong(jitter)), fault);
            } else if (fault instanceof LinkFault.Slow slow) {
                now = Math.min(now, Math.max(1, slow.bytesPerSecond() / PIECES_A_SECOND));
                condition.await(SECOND * now / slow.bytesPerSecond(), fault);
            }
            out.write(piece, sent, now);
            out.flush();
            sent += now;
        }
    }

    /** Carries one HTTP request and its answer, or does not. */
    void exchange(LinkFault.BadHttp bad) {
        try (client; server) {
            var exchange = new HttpExchange(client, server);
            if (random.nextDouble() >= bad.rate()) {
                exchange.pass();
                return;
            }
            switch (bad.kinds().get(random.nextInt(bad.kinds().size()))) {
                case ERROR -> exchange.refuse();
                case TRUNCATED -> exchange.truncate();
                case STALLED -> {
                    exchange.stall();
                    // Until the link changes, which resets it, or the client loses patience.
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException e) {
            // One side is gone, or spoke no HTTP: it is told by the end of the connection.
            reset();
        } finally {
            onEnd.accept(this);
        }
    }

    /** Ends it with RST on both sides. */
    void reset() {
        reset(client);
        reset(server);
        onEnd.accept(this);
    }

    static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It has ended already.
            return;
        }
    }
}
