package org.atelier.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.models.ModelsMain;
import org.atelier.worker.nn.Network;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench models}: how long an import takes, and a worker from its start until a bundle's networks are resident. */
@Command(name = "models", mixinStandardHelpOptions = true, description = {
        "Times, as processes of their own, the import of a StyleGAN2 config-f and CLIP ViT-B/32 with random weights,",
        "and the start of a worker until the networks of that bundle, which lies in its cache, are on the device."})
final class ModelsBench implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String BUNDLE = "bench-models";

    @Option(names = "--random", defaultValue = "1024", paramLabel = "PIXELS", description = "Resolution of the generator (default: ${DEFAULT-VALUE}).")
    private int resolution;

    @Option(names = "--runs", defaultValue = "3", description = "Runs of each, of which the median counts (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1.");
        }
        var folder = Files.createTempDirectory(BUNDLE);
        try {
            output.report(measure(folder), spec.commandLine().getOut());
            return 0;
        } finally {
            delete(folder);
        }
    }

    private Map<String, Object> measure(Path folder) throws IOException, InterruptedException {
        var engine = TensorEngine.start(TensorSettings.ofEnvironment());
        var subject = Subject.random(resolution, engine);
        var generator = write(subject.generator(), folder.resolve("generator-published.safetensors"));
        var clip = write(subject.clip().network(), folder.resolve("clip-published.safetensors"));
        subject.identity().close();
        var imports = new ArrayList<Double>();
        var starts = new ArrayList<Double>();
        for (int run = 0; run < runs; run++) {
            var bundle = folder.resolve(BUNDLE + run);
            imports.add(seconds(ModelsMain.class, "import", "--no-check", "--name", BUNDLE, "--out", bundle.toString(),
                    generator.toString(), clip.toString()));
            starts.add(seconds(ColdStart.class, bundle.toString()));
        }
        var figures = new TreeMap<String, Object>();
        figures.put("networks", subject.name().replace(", IR-SE50", ""));
        figures.put("bytes", Files.size(generator) + Files.size(clip));
        figures.put("runs", runs);
        figures.put("medianSeconds", Map.of("import", StepTimes.median(imports), "coldStart", StepTimes.median(
                starts)));
        figures.put("environment", engine.environment());
        return figures;
    }

    /** Writes a network in its published names, and frees it. */
    private static Path write(Network network, Path file) throws IOException {
        try (network; var stream = Files.newOutputStream(file)) {
            SafetensorsWriter.write(stream, new TreeMap<>(network.parameters()), Map.of());
        }
        return file;
    }

    /** How long a Java program of this class path takes, from the start of its process to its end. */
    private static double seconds(Class<?> main, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        var log = Files.createTempFile("bench-models", ".log");
        try {
            long start = System.nanoTime();
            int exit = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(main.getSimpleName() + " ended with " + exit + ":\n" + Files.readString(
                        log));
            }
            return (System.nanoTime() - start) / NANOS_PER_SECOND;
        } finally {
            Files.delete(log);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
