package org.atelier.worker.bench;

import java.io.IOException;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.job.Reduction;
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
import org.atelier.worker.tensor.optim.Adam;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench optimize}: latent optimisation in W+ with CLIP, L2 and identity losses, timed part by part. */
@Command(name = "optimize", mixinStandardHelpOptions = true, description = {
        "Times steps of latent optimisation in W+ with CLIP and identity losses, and says what memory they took."})
final class OptimizeBench extends StepBench {
    private static final String LATENT = "w+";
    private static final float L2_LAMBDA = 0.008f;
    private static final float ID_LAMBDA = 0.005f;
    private static final double LEARNING_RATE = 0.01;

    @Option(names = "--random", paramLabel = "PIXELS", description = "Instead of a bundle: StyleGAN2 config-f of this resolution, CLIP ViT-B/32 and IR-SE50, all with random weights.")
    private @Nullable Integer random;

    @Override
    void measure(TensorEngine engine, Map<String, Object> figures) throws IOException {
        if (random == null) {
            super.measure(engine, figures);
        } else {
            measure(Subject.random(random, engine), engine, figures);
        }
    }

    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        measure(Subject.of(networks), networks.engine(), figures);
    }

    private void measure(Subject subject, TensorEngine engine, Map<String, Object> figures) {
        try (var manager = engine.newManager()) {
            var medians = run(subject, engine, manager).medians();
            figures.put("networks", subject.name());
            figures.put("resolution", subject.generator().resolution());
            figures.put("medianMilliseconds", medians);
            figures.put("stepsPerSecond", 1000 / medians.get("step"));
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
            for (int i = -warmUp(); i < steps(); i++) {
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
