package org.atelier.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.atelier.local.process.ChildProcess;

/**
 * A full disk, for one process: the system refuses to let its files grow. The virtual machine ignores the signal that goes
 * with it, so writes fail with "File too large" where they would fail with "No space left on device".
 */
final class FileSizeLimit {
    private FileSizeLimit() {}

    /** No file of the process grows beyond so many bytes. */
    static void set(ChildProcess process, long bytes) {
        prlimit(process, bytes + ":unlimited");
    }

    static void lift(ChildProcess process) {
        if (process.alive()) {
            prlimit(process, "unlimited:unlimited");
        }
    }

    private static void prlimit(ChildProcess process, String limit) {
        try {
            var prlimit = new ProcessBuilder("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + limit)
                    .redirectErrorStream(true)
                    .start();
            var said = new String(prlimit.getInputStream().readAllBytes()).strip();
            if (prlimit.waitFor() != 0 && process.alive()) {
                throw new IllegalStateException("the file size of the " + process.name() + " cannot be limited: "
                        + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a full disk needs the program prlimit (util-linux)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
