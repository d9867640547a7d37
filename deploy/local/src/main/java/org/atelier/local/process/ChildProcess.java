package org.atelier.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One child process, from its start to its end.
 *
 * <p>Its output goes straight into its log file, so that it never waits for this process to read. Its standard input is a
 * pipe that closes when this process ends, however that happens: a program run by {@code Tether} then ends too. It does not
 * see the interrupt key of the terminal; this process does, and stops its children in the order that suits them.
 *
 * <p>Safe for use by several threads. Needs a POSIX system.
 */
public final class ChildProcess implements AutoCloseable {
    private static final int LAST_LINES = 20;
    private static final long LARGEST_OLD_LOG = 10 << 20;
    private static final Duration POLL = Duration.ofMillis(20);

    private final ChildSpec spec;
    private final LogTail log;
    private final Process process;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<ChildDeath> death = new CompletableFuture<>();

    private ChildProcess(ChildSpec spec, LogTail log, Process process) {
        this.spec = spec;
        this.log = log;
        this.process = process;
        process.onExit().thenRun(this::ended);
    }

    /**
     * Starts a process.
     *
     * @throws UncheckedIOException if the program or the log file cannot be used
     */
    public static ChildProcess start(ChildSpec spec) {
        try {
            makeRoom(spec.log());
            var tail = new LogTail(spec.log());
            var builder = new ProcessBuilder(deafToTerminal(spec.command()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
            var environment = builder.environment();
            environment.keySet().removeIf(key -> spec.withheld().stream().anyMatch(key::startsWith));
            environment.putAll(spec.environment());
            return new ChildProcess(spec, tail, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("the " + spec.name() + " could not be started", e);
        }
    }

    private static void makeRoom(Path log) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        if (Files.exists(log) && Files.size(log) > LARGEST_OLD_LOG) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Ctrl-C and a closing terminal go to all processes of the terminal at once; what ignores them at its start, always does. */
    private static List<String> deafToTerminal(List<String> command) {
        var whole = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh"));
        whole.addAll(command);
        return whole;
    }

    private void ended() {
        if (!ending.get()) {
            death.complete(new ChildDeath(spec.name(), process.exitValue(), log.lines(LAST_LINES), spec.log()));
        }
    }

    /** What people call it. */
    public String name() {
        return spec.name();
    }

    /** Its number in the system. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs, frozen or not. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Its exit status, once it has ended. */
    public Optional<Integer> status() {
        return alive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** Done when the process ends without {@link #stop} or {@link #kill}; never done otherwise. */
    public CompletableFuture<ChildDeath> unexpectedDeath() {
        return death;
    }

    /** The end of its output since its start. */
    public List<String> lastLines() {
        return log.lines(LAST_LINES);
    }

    /**
     * Waits until the process answers.
     *
     * @param readiness what is asked, again and again
     * @throws ChildDiedException if it ends before
     * @throws NotReadyException  if it did not answer in time; it still runs
     */
    public void awaitReady(Readiness readiness, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        var last = "";
        while (true) {
            try {
                if (readiness.answered()) {
                    return;
                }
                last = "it answered that it is not";
            } catch (IOException e) {
                last = e.toString();
            }
            if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ChildDiedException(
                        new ChildDeath(spec.name(), process.exitValue(), log.lines(LAST_LINES), spec.log()));
            }
            if (System.nanoTime() > deadline) {
                throw new NotReadyException("The " + spec.name() + " was not ready after " + timeout.toSeconds()
                        + " s (" + last + "). Its log: " + spec.log());
            }
        }
    }

    /**
     * Waits until the process has ended by itself.
     *
     * @return its exit status
     */
    public int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks it to end (SIGTERM), and kills it if it has not within its grace. Does nothing if it has ended. */
    public void stop() {
        ending.set(true);
        if (!alive()) {
            return;
        }
        // Not Process.destroy: that also closes the pipes.
        process.toHandle().destroy();
        signal("CONT");
        try {
            if (!process.waitFor(spec.grace().toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it at once (SIGKILL); it cannot do anything about it. Returns when it is gone. */
    public void kill() {
        ending.set(true);
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** Stops its clock (SIGSTOP): it keeps its memory, connections and locks, and does nothing. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    /** The JDK sends no other signals than SIGTERM and SIGKILL; every POSIX shell has the rest built in. */
    private void signal(String name) {
        try {
            var kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(kill.getInputStream().readAllBytes()).strip();
            if (kill.waitFor() != 0 && alive()) {
                throw new IllegalStateException("SIG" + name + " could not be sent to the " + name() + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("SIG" + name + " could not be sent to the " + name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
