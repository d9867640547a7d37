package org.atelier.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.mapper.MapperTraining;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench mapper}: training of a mapper by levels with the published losses, step by step. */
@Command(name = "mapper", mixinStandardHelpOptions = true, description = {
        "Times steps of a mapper's training with the published losses, and says what memory they took."})
final class MapperBench implements Callable<Integer> {
    private static final double NANOS_PER_MS = 1e6;

    @Option(names = "--bundle", defaultValue = "models/avatar-128", paramLabel = "DIR", description = "Folder of a bundle (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("models/avatar-128");

    @Option(names = "--kind", defaultValue = "levels", description = "levels, single, stylespace or stylespace_no_rgb (default: ${DEFAULT-VALUE}).")
    private String kind = "levels";

    @Option(names = "--batch", defaultValue = "2", description = "Latents of a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--steps", defaultValue = "30", description = "Steps that count (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "5", description = "Steps before them (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--threads", defaultValue = "0", description = "CPU threads of one operation, 0 for all cores.")
    private int threads;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the figures as JSON, too.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Sampled latents need no files. */
    private static final class NoInputs implements Inputs {
        @Override
        public byte[] read(Digest digest) {
            throw new IllegalStateException("sampled latents need no file " + digest);
        }

        @Override
        public Digest find(JobId job, String artifact) {
            throw new IllegalStateException("sampled latents need no " + artifact + " of " + job);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (steps < 1 || warmUp < 0 || batch < 1) {
            throw new ParameterException(spec.commandLine(),
                    "--steps and --batch must be at least 1 and --warm-up not negative.");
        }
        var engine = TensorEngine.start(TensorSettings.ofEnvironment().withThreads(threads));
        var figures = new TreeMap<String, Object>();
        try (var networks = BundleNetworks.open(bundle, engine);
                var training = MapperTraining.of(request(networks), networks, new NoInputs())) {
            figures.put("networks", networks.card().reference());
            figures.put("kind", kind);
            figures.put("batch", batch);
            figures.put("steps", steps);
            double median = StepTimes.median(times(training, warmUp));
            figures.put("medianMilliseconds", Map.of("step", median));
            figures.put("facesPerSecond", 1000 * batch / median);
            figures.put("environment", engine.environment());
            ProcessMemory.peak().ifPresent(bytes -> figures.put("peakMemoryBytes", bytes));
        }
        Report.print(figures, spec.commandLine().getOut());
        if (out != null) {
            Files.write(out, Json.bytes(figures));
        }
        return 0;
    }

    private MapperTrainRequest request(BundleNetworks networks) {
        return (MapperTrainRequest) Json.read(Json.bytes(Map.of(
                "type", "mapper-train",
                "bundle", networks.card().reference(),
                "prompt", "a face",
                "kind", kind,
                "batch", batch,
                "steps", warmUp + steps,
                "id_lambda", networks.card().identity() == null ? 0 : MapperTrainRequest.ID_LAMBDA,
                "validation", Map.of("count", 0),
                "preview_every", 0)), JobRequest.class);
    }

    private static List<Double> times(MapperTraining training, int warmUp) {
        var milliseconds = new ArrayList<Double>();
        while (!training.isDone()) {
            long start = System.nanoTime();
            training.step(); // its losses are read, so that a device that computes behind one's back has finished
            if (training.stepsDone() > warmUp) {
                milliseconds.add((System.nanoTime() - start) / NANOS_PER_MS);
            }
        }
        return milliseconds;
    }
}
