package org.atelier.worker.bench;

import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.nada.NadaFinetune;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench nada}: iterations of StyleGAN-NADA, timed as the job makes them. */
@Command(name = "nada", mixinStandardHelpOptions = true, description = {
        "Times iterations of nada-finetune on a bundle, and says what memory they took."})
final class NadaBench extends StepBench {
    @Option(names = "--batch", defaultValue = "4", description = "Pictures of an iteration (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--select", description = "Selects layers at every iteration, as published.")
    private boolean select;

    @Option(names = "--multipliers", description = "Trains multipliers of channels instead of weights.")
    private boolean multipliers;

    @Override
    void check() {
        require(batch >= 1, "--batch must be at least 1.");
        require(!select || !multipliers, "--select is for weights, not for --multipliers.");
    }

    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        var fields = new TreeMap<String, Object>(Map.of("target", "a sketch", "iterations", allSteps(), "batch", batch,
                "samples", 1));
        if (select) {
            fields.put("selection", Map.of());
        }
        if (multipliers) {
            fields.put("form", "multipliers");
        }
        var request = request(NadaFinetuneRequest.class, "nada-finetune", networks, fields);
        try (var job = new NadaFinetune(request, networks, new HeldInputs())) {
            double median = median(job);
            figures.put("batch", batch);
            figures.put("medianMilliseconds", Map.of("step", median));
            figures.put("stepsPerSecond", 1000 / median);
        }
    }
}
