package org.atelier.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.nada.NadaFinetune;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench nada}: iterations of StyleGAN-NADA, timed as the job makes them. */
@Command(name = "nada", mixinStandardHelpOptions = true, description = {
        "Times iterations of nada-finetune on a bundle, and says what memory they took."})
final class NadaBench implements Callable<Integer> {
    @Option(names = "--bundle", defaultValue = "models/avatar-128", paramLabel = "DIR", description = "Folder of a bundle (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("models/avatar-128");

    @Option(names = "--steps", defaultValue = "20", description = "Iterations that count (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "3", description = "Iterations before them (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--batch", defaultValue = "4", description = "Pictures of an iteration (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--select", description = "Selects layers at every iteration, as published.")
    private boolean select;

    @Option(names = "--multipliers", description = "Trains multipliers of channels instead of weights.")
    private boolean multipliers;

    @Option(names = "--threads", defaultValue = "0", description = "CPU threads of one operation, 0 for all cores.")
    private int threads;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the figures as JSON, too.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (steps < 1 || warmUp < 0 || batch < 1) {
            throw new ParameterException(spec.commandLine(),
                    "--steps and --batch must be at least 1 and --warm-up not negative.");
        }
        if (select && multipliers) {
            throw new ParameterException(spec.commandLine(), "--select is for weights, not for --multipliers.");
        }
        var engine = TensorEngine.start(TensorSettings.ofEnvironment().withThreads(threads));
        var result = new TreeMap<String, Object>();
        try (var networks = BundleNetworks.open(bundle, engine);
                var job = new NadaFinetune(request(networks), networks, new NoInputs())) {
            var times = new StepTimes(System::nanoTime);
            for (int i = 0; i < warmUp; i++) {
                job.step();
            }
            for (int i = 0; i < steps; i++) {
                times.begin();
                job.step();
                times.end();
            }
            double median = times.medians().get("step");
            result.put("networks", networks.card().reference());
            result.put("resolution", networks.generator().resolution());
            result.put("batch", batch);
            result.put("medianMilliseconds", median);
            result.put("stepsPerSecond", 1000 / median);
            result.put("steps", steps);
            result.put("environment", engine.environment());
        }
        ProcessMemory.peak().ifPresent(bytes -> result.put("peakMemoryBytes", bytes));
        var writer = spec.commandLine().getOut();
        result.forEach((name, value) -> writer.printf("%-18s %s%n", name, value instanceof Double d
                ? String.format(Locale.ROOT, "%.2f", d)
                : value));
        writer.flush();
        if (out != null) {
            Files.write(out, Json.bytes(result));
        }
        return 0;
    }

    private NadaFinetuneRequest request(BundleNetworks networks) {
        var fields = new TreeMap<String, Object>(Map.of("type", "nada-finetune", "bundle", networks.card().reference(),
                "target", "a sketch", "iterations", warmUp + steps, "batch", batch, "samples", 1));
        if (select) {
            fields.put("selection", Map.of());
        }
        if (multipliers) {
            fields.put("form", "multipliers");
        }
        return (NadaFinetuneRequest) Json.read(Json.bytes(fields), JobRequest.class);
    }

    /** This request names no files. */
    private static final class NoInputs implements Inputs {
        @Override
        public byte[] read(Digest digest) {
            throw new IllegalStateException("a benchmark has no files: " + digest);
        }

        @Override
        public Digest find(JobId job, String artifact) {
            throw new IllegalStateException("a benchmark has no other jobs: " + job);
        }
    }
}
