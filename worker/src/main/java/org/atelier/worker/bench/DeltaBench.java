package org.atelier.worker.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.delta.DeltaApplication;
import org.atelier.worker.edit.delta.DeltaMapperFile;
import org.atelier.worker.edit.delta.DeltaTraining;
import picocli.CommandLine.Command;

/** {@code bench delta}: the training of a delta mapper, and edits by it. */
@Command(name = "delta", mixinStandardHelpOptions = true, description = {
        "Times delta-train (its pictures, then its steps) and delta-apply: an edit at one strength, and one that tries "
                + "several and keeps the one that is enough."})
final class DeltaBench extends StepBench {
    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        var inputs = new HeldInputs();
        var medians = new TreeMap<String, Double>();
        int samples = allSteps() * DeltaTraining.PICTURES;
        require(samples >= DeltaTrainRequest.MIN_SAMPLES, "--steps and --warm-up must be at least " + Math.ceilDiv(
                DeltaTrainRequest.MIN_SAMPLES, DeltaTraining.PICTURES) + " together.");
        try (var training = new DeltaTraining(request(DeltaTrainRequest.class, "delta-train", networks, Map.of(
                "samples", samples, "steps", allSteps())), networks, inputs)) {
            medians.put("picture", median(training) / DeltaTraining.PICTURES);
            medians.put("step", median(training));
            training.finish().stream().filter(product -> product.name().equals(DeltaMapperFile.NAME)).forEach(
                    product -> {
                        medians.put("edit", edit(inputs, product.bytes(), List.of(1.0), networks));
                        medians.put("adaptive", edit(inputs, product.bytes(), List.of(), networks));
                    });
        }
        figures.put("medianMilliseconds", medians);
        figures.put("usualTrainingSeconds", (medians.get("picture") * DeltaTrainRequest.SAMPLES + medians.get("step")
                * DeltaTrainRequest.STEPS) / 1000);
    }

    private double edit(HeldInputs inputs, byte[] mapper, List<Double> strengths, BundleNetworks networks) {
        var request = request(DeltaApplyRequest.class, "delta-apply", networks, Map.of(
                "mapper", Map.of("blob", inputs.put(mapper)),
                "sources", seeds(),
                "prompts", List.of("a face with glasses"),
                "strengths", strengths));
        try (var application = new DeltaApplication(request, networks, inputs)) {
            return median(application);
        }
    }
}
