package org.atelier.worker.bench;

import java.util.Map;

import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.mapper.MapperApplication;
import org.atelier.worker.edit.mapper.MapperTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench mapper}: training of a mapper by levels with the published losses, step by step, and edits by it. */
@Command(name = "mapper", mixinStandardHelpOptions = true, description = {
        "Times steps of a mapper's training with the published losses, then edits by it, and says what memory they took."})
final class MapperBench extends StepBench {
    @Option(names = "--kind", defaultValue = "levels", description = "levels, single, stylespace or stylespace_no_rgb (default: ${DEFAULT-VALUE}).")
    private String kind = "levels";

    @Option(names = "--batch", defaultValue = "2", description = "Latents of a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Override
    void check() {
        require(batch >= 1, "--batch must be at least 1.");
    }

    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        var request = request(MapperTrainRequest.class, "mapper-train", networks, Map.of(
                "prompt", "a face",
                "kind", kind,
                "batch", batch,
                "steps", allSteps(),
                "id_lambda", networks.card().identity() == null ? 0 : MapperTrainRequest.ID_LAMBDA,
                "validation", Map.of("count", 0),
                "preview_every", 0));
        try (var training = MapperTraining.of(request, networks, new HeldInputs())) {
            double median = median(training);
            figures.put("kind", kind);
            figures.put("batch", batch);
            figures.put("medianMilliseconds", Map.of("step", median, "edit", edit(training, networks)));
            figures.put("facesPerSecond", 1000 * batch / median);
        }
    }

    /** By the mapper that was trained: a picture and what becomes of it at one strength. */
    private double edit(MapperTraining training, BundleNetworks networks) {
        var inputs = new HeldInputs();
        var mapper = training.finish().stream().filter(product -> product.name().equals(MapperApplyRequest.MAPPER))
                .findFirst().orElseThrow().bytes();
        try (var application = new MapperApplication(request(MapperApplyRequest.class, "mapper-apply", networks, Map.of(
                "mapper", Map.of("blob", inputs.put(mapper)), "sources", seeds())), networks, inputs)) {
            return median(application);
        }
    }
}
