package org.atelier.common.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A stream that breaks when nothing comes for too long: a machine that lost its power, or a link that swallows everything, ends
 * no connection, and the JDK's client limits the time to the head of an answer alone.
 */
final class IdleLimit extends FilterInputStream {
    private final Duration limit;
    private final AtomicBoolean expired = new AtomicBoolean();

    /** @param in whose reads end when it is closed from another thread, as those of the JDK's client do */
    IdleLimit(InputStream in, Duration limit) {
        super(in);
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        var waiting = new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        var alarm = waiting.exceptionally(timeout -> breakOff());
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            throw expired.get()
                    ? new IOException("nothing came for " + limit.toSeconds() + " s", e)
                    : e;
        } finally {
            waiting.complete(null);
            alarm.cancel(false);
        }
    }

    private Void breakOff() {
        expired.set(true);
        try {
            in.close();
        } catch (IOException e) {
            // The reader, who waits in this stream, is told by its own exception.
            throw new UncheckedIOException(e);
        }
        return null;
    }
}
