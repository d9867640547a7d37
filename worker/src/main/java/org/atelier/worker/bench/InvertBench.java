package org.atelier.worker.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.artifact.Digest;
import org.atelier.common.job.InvertRequest;
import org.atelier.common.job.InvertRequest.Method;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.invert.Inversion;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench invert}: the search for the latent of a picture, which the generator drew. */
@Command(name = "invert", mixinStandardHelpOptions = true, description = {
        "Times steps of invert, each method in turn, and what comes before the first of them: the statistics of w, and the "
                + "encoder where the method has one."})
final class InvertBench extends StepBench {
    private static final double NANOS_PER_MS = 1e6;

    @Option(names = "--methods", split = ",", defaultValue = "projector,encoder,pti", description = "Of projector, encoder, encoder+projector and pti, of which the last is timed in its tuning of weights (default: ${DEFAULT-VALUE}).")
    private List<String> methods = List.of();

    @Option(names = "--space", defaultValue = "w", description = "Where the projector searches: w or w+ (default: ${DEFAULT-VALUE}).")
    private String space = "w";

    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        var inputs = new HeldInputs();
        var image = inputs.put(picture(networks));
        var starts = new TreeMap<String, Double>();
        var medians = new TreeMap<String, Double>();
        for (var method : methods) {
            var request = request(method, image, networks);
            long start = System.nanoTime();
            try (var inversion = new Inversion(request, networks, inputs)) {
                starts.put(method, (System.nanoTime() - start) / NANOS_PER_MS);
                if (request.method() == Method.PTI) {
                    inversion.step();
                }
                medians.put(method, request.method() == Method.ENCODER ? milliseconds(inversion) : median(inversion));
            }
        }
        figures.put("space", space);
        figures.put("startMilliseconds", starts);
        figures.put("medianMilliseconds", medians);
    }

    /** One step comes before the tuning; that stops at no distance. */
    private InvertRequest request(String method, Digest image, BundleNetworks networks) {
        return request(InvertRequest.class, "invert", networks, Map.of(
                "source", Map.of("image", image, "aligned", true),
                "method", method,
                "space", space,
                "steps", method.equals("pti") ? 1 : allSteps(),
                "tuning", Map.of("steps", allSteps(), "stop_at", 0),
                "preview_every", 0));
    }

    private static byte[] picture(BundleNetworks networks) {
        var generator = networks.generator();
        return Scope.call(() -> Picture.of(generator.render(generator.truncate(generator.meanLatent().expandDims(0), 1,
                0), Noise.STORED)).getFirst().png());
    }
}
