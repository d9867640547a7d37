package org.atelier.worker.bench;

import java.util.Map;

import org.atelier.common.job.GenerateRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Generation;
import picocli.CommandLine.Command;

/** {@code bench generate}: pictures of seeds, drawn and encoded one by one. */
@Command(name = "generate", mixinStandardHelpOptions = true, description = {
        "Times pictures of seeds: the mapping, the drawing, and the PNG file with its latent."})
final class GenerateBench extends StepBench {
    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        try (var generation = new Generation(request(GenerateRequest.class, "generate", networks, Map.of("sources",
                seeds())), networks, new HeldInputs())) {
            double median = median(generation);
            figures.put("medianMilliseconds", Map.of("picture", median));
            figures.put("picturesPerSecond", 1000 / median);
        }
    }
}
