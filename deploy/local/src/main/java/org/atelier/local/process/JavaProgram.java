package org.atelier.local.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.atelier.local.tether.Tether;
import org.jspecify.annotations.Nullable;

/**
 * A main class with its class path, run by the same JDK as this process and tethered to it.
 *
 * @param classPath jars in their order
 * @param mainClass what to run
 * @param options   of the JVM
 * @param arguments of the main class
 * @param archive   for a faster start; absent: none is used
 * @param lock      file that one process at a time may hold; absent: any number may run
 */
public record JavaProgram(
        List<Path> classPath,
        String mainClass,
        List<String> options,
        List<String> arguments,
        @Nullable ClassArchive archive,
        @Nullable Path lock) {
    public JavaProgram {
        classPath = List.copyOf(classPath);
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /** The program and arguments of the process. */
    public List<String> command() {
        var jars = new ArrayList<Path>();
        jars.add(Path.of(URI.create(Tether.class.getProtectionDomain().getCodeSource().getLocation().toString())));
        jars.addAll(classPath);

        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        Optional.ofNullable(archive).ifPresent(found -> command.addAll(found.options(mainClass, jars)));
        Optional.ofNullable(lock).ifPresent(file -> command.add("-D" + Tether.LOCK_PROPERTY + "=" + file));
        command.add("-cp");
        command.add(jars.stream().map(Path::toString).collect(Collectors.joining(":")));
        command.add(Tether.class.getName());
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
