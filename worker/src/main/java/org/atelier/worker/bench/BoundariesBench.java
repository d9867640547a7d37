package org.atelier.worker.bench;

import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.boundary.BoundaryApplication;
import org.atelier.worker.edit.boundary.BoundaryTraining;
import picocli.CommandLine.Command;

/** {@code bench boundaries}: the training of a boundary between two texts, and walks along it. */
@Command(name = "boundaries", mixinStandardHelpOptions = true, description = {
        "Times boundary-train (the scoring of latents, then the support vector machine on those of this benchmark) and the "
                + "pictures of boundary-apply."})
final class BoundariesBench extends StepBench {
    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        int scoredPerStep = BoundaryTraining.scoredPerStep(BoundaryTrainRequest.BATCH);
        int samples = allSteps() * scoredPerStep;
        require(samples <= BoundaryTrainRequest.MAX_SAMPLES, "--steps and --warm-up are " + samples
                + " latents; at most " + BoundaryTrainRequest.MAX_SAMPLES + " can be scored.");
        var inputs = new HeldInputs();
        var medians = new TreeMap<String, Double>();
        try (var training = new BoundaryTraining(request(BoundaryTrainRequest.class, "boundary-train", networks, Map.of(
                "labels", Map.of("positive", "a face with glasses", "negative", "a face"),
                "samples", samples)), networks, inputs)) {
            medians.put("latent", median(training) / scoredPerStep);
            figures.put("supportVectorMachineMilliseconds", milliseconds(training));
            training.finish().stream()
                    .filter(product -> product.name().equals(BoundaryTrainRequest.BOUNDARY))
                    .forEach(product -> medians.put("picture", walk(inputs, product.bytes(), networks)));
        }
        figures.put("samples", samples);
        figures.put("medianMilliseconds", medians);
        figures.put("usualTrainingSeconds", medians.get("latent") * BoundaryTrainRequest.SAMPLES / 1000);
    }

    /** A walk of the usual length, by picture; the source is one of them. */
    private double walk(HeldInputs inputs, byte[] boundary, BundleNetworks networks) {
        var request = request(BoundaryApplyRequest.class, "boundary-apply", networks, Map.of(
                "boundary", Map.of("blob", inputs.put(boundary)),
                "sources", seeds()));
        try (var application = new BoundaryApplication(request, networks, inputs)) {
            return median(application) / (1 + request.steps());
        }
    }
}
