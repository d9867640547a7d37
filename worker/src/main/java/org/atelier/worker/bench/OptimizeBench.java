package org.atelier.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.job.Reduction;
import org.atelier.common.json.Json;
import org.atelier.worker.bench.StepTimes.Part;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.IdentityLoss;
import org.atelier.worker.edit.LatentDistance;
import org.atelier.worker.edit.PromptLoss;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;
import org.atelier.worker.tensor.optim.Adam;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench optimize}: latent optimisation in W+ with CLIP, L2 and identity losses, timed part by part. */
@Command(name = "optimize", mixinStandardHelpOptions = true, description = {
        "Times steps of latent optimisation in W+ with CLIP and identity losses, and says what memory they took."})
final class OptimizeBench implements Callable<Integer> {
    private static final String LATENT = "w+";
    private static final float L2_LAMBDA = 0.008f;
    private static final float ID_LAMBDA = 0.005f;
    private static final double LEARNING_RATE = 0.01;

    @Option(names = "--bundle", defaultValue = "models/avatar-128", paramLabel = "DIR", description = "Folder of a bundle (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("models/avatar-128");

    @Option(names = "--random", paramLabel = "PIXELS", description = "Instead of a bundle: StyleGAN2 config-f of this resolution, CLIP ViT-B/32 and IR-SE50, all with random weights.")
    private @Nullable Integer random;

    @Option(names = "--steps", defaultValue = "50", description = "Steps that count (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "5", description = "Steps before them (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--threads", defaultValue = "0", description = "CPU threads of one operation, 0 for all cores.")
    private int threads;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the figures as JSON, too.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (steps < 1 || warmUp < 0) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(),
                    "--steps must be at least 1 and --warm-up not negative.");
        }
        var engine = TensorEngine.start(TensorSettings.ofEnvironment().withThreads(threads));
        var result = new TreeMap<String, Object>();
        if (random == null) {
            try (var networks = BundleNetworks.open(bundle, engine)) {
                measure(Subject.of(networks), engine, result);
            }
        } else {
            measure(Subject.random(random, engine), engine, result);
        }
        Report.print(result, spec.commandLine().getOut());
        if (out != null) {
            Files.write(out, Json.bytes(result));
        }
        return 0;
    }

    private void measure(Subject subject, TensorEngine engine, Map<String, Object> result)
            throws IOException {
        try (var manager = engine.newManager()) {
            var medians = run(subject, engine, manager).medians();
            result.put("networks", subject.name());
            result.put("resolution", subject.generator().resolution());
            result.put("medianMilliseconds", medians);
            result.put("stepsPerSecond", 1000 / medians.get("step"));
            result.put("steps", steps);
            result.put("environment", engine.environment());
            ProcessMemory.peak().ifPresent(bytes -> result.put("peakMemoryBytes", bytes));
        }
    }

    private StepTimes run(Subject subject, TensorEngine engine, NDManager manager) {
        var generator = subject.generator();
        var start = Scope.computeFor(manager, () -> generator.truncate(generator.map(HostArrays.of(manager,
                new RandomState(
                        7).randnFloat(generator.zSize()), new Shape(1, generator.zSize()))), 1, 0));
        var latent = Scope.computeFor(manager, start::duplicate);
        var image = Scope.computeFor(manager, () -> generator.render(start, Noise.STORED));
        try (var prompt = new PromptLoss(subject.clip(), "a face", generator.resolution(), manager);
                var face = new IdentityLoss(subject.identity(), image, manager);
                var adam = new Adam(Map.of(LATENT, latent), Adam.Settings.DEFAULT)) {
            var times = new StepTimes(System::nanoTime);
            for (int i = -warmUp; i < steps; i++) {
                var current = i < 0 ? new StepTimes(System::nanoTime) : times;
                Scope.run(() -> {
                    try (var tape = engine.record()) {
                        current.begin();
                        var leaf = tape.leaf(latent);
                        var picture = generator.render(leaf, Noise.STORED);
                        wait(picture);
                        current.done(Part.GENERATOR);
                        var loss = prompt.of(picture).mean();
                        wait(loss);
                        current.done(Part.CLIP);
                        var person = face.of(picture).mean();
                        wait(person);
                        current.done(Part.IDENTITY);
                        tape.backward(loss.add(Scalars.mul(person, ID_LAMBDA)).add(Scalars.mul(LatentDistance.between(
                                leaf, start,
                                Reduction.SUM), L2_LAMBDA)));
                        wait(leaf.getGradient());
                        current.done(Part.BACKWARD);
                        adam.step(Map.of(LATENT, leaf.getGradient()), LEARNING_RATE);
                        wait(latent);
                        current.done(Part.OPTIMISER);
                        current.end();
                    }
                });
            }
            return times;
        }
    }

    /** Reads one number, so that a device that computes behind one's back has finished. */
    private static void wait(NDArray array) {
        array.stopGradient().flatten().get("0:1").toFloatArray();
    }
}
