package org.atelier.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/** Small programs to run as child processes. */
public final class Programs {
    private Programs() {}

    /** A child that runs one of these programs. */
    static ChildSpec spec(Path folder, String name, Duration grace, Class<?> program, String... arguments) {
        return spec(folder, name, grace, null, program, arguments);
    }

    /** The same, with a file that one process at a time may hold. */
    static ChildSpec spec(Path folder, String name, Duration grace, @Nullable Path lock, Class<?> program,
            String... arguments) {
        var classPath = Arrays.stream(System.getProperty("java.class.path").split(":")).map(Path::of).toList();
        var java = new JavaProgram(classPath, program.getName(), List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                List.of(arguments), null, lock);
        return new ChildSpec(name, java.command(), Map.of(), Set.of(), folder.resolve(name + ".log"), grace);
    }

    /** Says that it is there, in a file, and waits for ever. */
    public static final class Waiting {
        private Waiting() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            System.out.println("waiting");
            Files.createFile(Path.of(args[0]));
            new CountDownLatch(1).await();
        }
    }

    /** Writes lines and ends with a status. */
    public static final class Dying {
        private Dying() {}

        public static void main(String[] args) {
            for (int line = 1; line <= Integer.parseInt(args[0]); line++) {
                System.out.println("line " + line);
            }
            System.exit(Integer.parseInt(args[1]));
        }
    }

    /** Throws while a thread of its own would keep the process alive. */
    public static final class HalfStarted {
        private HalfStarted() {}

        public static void main(String[] args) {
            new Thread(() -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }).start();
            throw new IllegalStateException("cannot go on");
        }
    }

    /** Does not end when it is asked to. */
    public static final class Stubborn {
        private Stubborn() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            var never = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            Files.createFile(Path.of(args[0]));
            never.await();
        }
    }

    /** Starts two children that wait for ever, tells their numbers in a file, and waits itself. */
    public static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            var folder = Path.of(args[0]);
            var children = List.of(child(folder, "first"), child(folder, "second"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> children.forEach(ChildProcess::stop)));
            for (var child : children) {
                child.awaitReady(() -> Files.exists(folder.resolve(child.name())), Duration.ofSeconds(60));
            }
            var whole = Files.writeString(folder.resolve("pids.part"),
                    children.get(0).pid() + " " + children.get(1).pid());
            Files.move(whole, folder.resolve("pids"));
            new CountDownLatch(1).await();
        }

        private static ChildProcess child(Path folder, String name) {
            return ChildProcess.start(spec(folder, name, Duration.ofSeconds(30), Waiting.class, folder.resolve(name)
                    .toString()));
        }
    }
}
