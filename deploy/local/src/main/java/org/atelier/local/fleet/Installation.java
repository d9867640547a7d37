package org.atelier.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.atelier.local.process.ClassArchive;
import org.atelier.local.process.JavaProgram;
import org.jspecify.annotations.Nullable;

/**
 * Where Atelier is and what was built there.
 *
 * @param home the folder with the launcher
 */
public record Installation(Path home) {
    /** System property that names the folder; the launcher and the build's tests set it. */
    public static final String HOME_PROPERTY = "atelier.home";

    /** System property: true for the run after a build that records which classes the programs load. */
    public static final String RECORD_PROPERTY = "atelier.archive.record";

    /** A part that runs as a process, with a class path of its own. */
    public enum Part {
        /** The Kafka broker. */
        BROKER("deploy/broker", "atelier-broker"),
        /** The object store. */
        STORE("deploy/store", "atelier-store"),
        /** The dispatcher. */
        DISPATCHER("dispatcher", "atelier-dispatcher"),
        /** The worker. */
        WORKER("worker", "atelier-worker");

        private final String module;
        private final String artifact;

        Part(String module, String artifact) {
            this.module = module;
            this.artifact = artifact;
        }
    }

    /**
     * The installation that this process belongs to.
     *
     * @throws IllegalStateException if nobody said where it is
     */
    public static Installation ofThisProcess() {
        return Optional.ofNullable(System.getProperty(HOME_PROPERTY))
                .map(home -> new Installation(Path.of(home).toAbsolutePath()))
                .orElseThrow(() -> new IllegalStateException("the system property " + HOME_PROPERTY
                        + " does not say where Atelier is; start it by ./atelier"));
    }

    /**
     * A program of a part.
     *
     * @param lock file that one process at a time may hold; absent: any number may run
     * @throws IllegalStateException if the part was not built
     */
    public JavaProgram program(
            Part part,
            String mainClass,
            List<String> options,
            List<String> arguments,
            @Nullable Path lock) {
        return program(part, classPath(part), mainClass, options, arguments, lock);
    }

    /** A program on the worker's class path, and on what it needs beside it. */
    JavaProgram worker(WorkerProgram program, List<String> options, Path lock) {
        var jars = new ArrayList<>(classPath(Part.WORKER));
        jars.addAll(program.jars());
        return program(Part.WORKER, jars, program.mainClass(), options, List.of(), lock);
    }

    private JavaProgram program(Part part, List<Path> jars, String mainClass, List<String> options,
            List<String> arguments, @Nullable Path lock) {
        return new JavaProgram(jars, mainClass, options, arguments,
                new ClassArchive(target(part).resolve("archive"), Boolean.getBoolean(RECORD_PROPERTY)), lock);
    }

    private List<Path> classPath(Part part) {
        var target = target(part);
        var own = target.resolve(part.artifact + ".jar");
        var list = target.resolve("classpath");
        for (var file : List.of(own, list)) {
            if (!Files.exists(file)) {
                throw new IllegalStateException(file + " is not there; build it: mvn -DskipTests package");
            }
        }
        try {
            var jars = new ArrayList<>(List.of(own));
            Arrays.stream(Files.readString(list).strip().split(":")).map(target::resolve).forEach(jars::add);
            return jars;
        } catch (IOException e) {
            throw new UncheckedIOException("the class path of the " + part.module + " cannot be read", e);
        }
    }

    private Path target(Part part) {
        return home.resolve(part.module).resolve("target");
    }
}
