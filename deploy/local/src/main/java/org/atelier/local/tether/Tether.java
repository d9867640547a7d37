package org.atelier.local.tether;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Runs another main class for as long as the parent process lives.
 *
 * <p>The parent holds the other end of standard input and never writes to it. Whatever ends the parent, {@code kill -9}
 * included, the system closes that end; this side reads the end of the stream, shuts down in good order, and if that takes
 * too long, without order. An exception of the main class ends the process too: threads that it had already started would
 * otherwise keep a half-started process alive.
 */
public final class Tether {
    /** System property: a file that one process at a time may hold. It waits for the one that holds it to end. */
    public static final String LOCK_PROPERTY = "atelier.tether.lock";

    /** Exit status when the parent is gone. */
    public static final int ORPHANED = 129;
    /** Exit status when the main class threw. */
    public static final int FAILED = 1;

    private static final Duration GRACE = Duration.ofSeconds(15);

    private Tether() {}

    /** @param args the main class to run, and its arguments */
    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        var main = Class.forName(args[0]).getMethod("main", String[].class);
        var watch = new Watch(System.in);
        watch.start();
        watch.hold(System.getProperty(LOCK_PROPERTY));
        run(main, Arrays.copyOfRange(args, 1, args.length));
    }

    private static void run(Method main, String[] args) throws IllegalAccessException {
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            System.exit(FAILED);
        }
    }

    /** Waits for the end of standard input. It lives as long as the process and so keeps the lock of the process. */
    private static final class Watch extends Thread {
        private final InputStream parent;
        private @Nullable FileLock lock;

        Watch(InputStream parent) {
            super("tether");
            setDaemon(true);
            this.parent = parent;
        }

        void hold(@Nullable String file) throws IOException {
            if (file == null) {
                return;
            }
            var channel = FileChannel.open(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                System.err.println("Another process still uses " + file + "; waiting for its end.");
                lock = channel.lock();
            }
        }

        @Override
        public void run() {
            awaitEnd();
            System.err.println("The parent process is gone: ending.");
            var deadline = new Thread(Watch::haltAfterGrace, "tether-deadline");
            deadline.setDaemon(true);
            deadline.start();
            System.exit(ORPHANED);
        }

        private void awaitEnd() {
            try {
                parent.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.err.println("Standard input broke, which is taken for the parent's end: " + e);
            }
        }

        private static void haltAfterGrace() {
            try {
                Thread.sleep(GRACE);
            } catch (InterruptedException e) {
                System.err.println("Interrupted while others shut down: ending at once.");
            }
            Runtime.getRuntime().halt(ORPHANED);
        }
    }
}
