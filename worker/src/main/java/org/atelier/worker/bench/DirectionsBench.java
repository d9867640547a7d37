package org.atelier.worker.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.direction.DirectionApplication;
import org.atelier.worker.edit.direction.DirectionTable;
import org.atelier.worker.edit.direction.DirectionTraining;
import org.atelier.worker.edit.direction.StyleChannels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench directions}: the table of directions, of which some channels are measured, and edits by such a table. */
@Command(name = "directions", mixinStandardHelpOptions = true, description = {
        "Times direction-train (its latents, then some of its channels) and direction-apply, and says how long the whole "
                + "table would take."})
final class DirectionsBench extends StepBench {
    @Option(names = "--images", defaultValue = "100", description = "Sample pictures of a channel (default: ${DEFAULT-VALUE}, as published).")
    private int images;

    @Override
    void check() {
        require(images >= 1, "--images must be at least 1.");
    }

    @Override
    void measure(BundleNetworks networks, Map<String, Object> figures) {
        int all = StyleChannels.of(networks.generator()).shaping().length;
        int channelsPerStep = DirectionTraining.channelsPerStep(images);
        require((long) allSteps() * channelsPerStep <= all, "--steps and --warm-up are more than the " + all
                + " channels of " + networks.card().reference() + " need; ask for fewer, or for more --images.");
        var medians = new TreeMap<String, Double>();
        try (var training = DirectionTraining.of(request(DirectionTrainRequest.class, "direction-train", networks, Map
                .of("statistics", Map.of("samples", allSteps() * DirectionTraining.LATENTS), "images", images,
                        "channels", Map.of("from",
                                0, "to", allSteps() * channelsPerStep))), networks, new HeldInputs())) {
            medians.put("latent", median(training) / DirectionTraining.LATENTS);
            medians.put("channel", median(training) / channelsPerStep);
        }
        medians.put("edit", edit(networks));
        figures.put("images", images);
        figures.put("channels", all);
        figures.put("medianMilliseconds", medians);
        figures.put("wholeTableSeconds", (medians.get("channel") * all + medians.get("latent")
                * DirectionTrainRequest.Statistics.STYLECLIP.samples()) / 1000);
    }

    /** An edit of one source by one text: two pictures. What the directions are makes no difference to the time. */
    private double edit(BundleNetworks networks) {
        var inputs = new HeldInputs();
        var table = inputs.put(randomTable(networks));
        var request = request(DirectionApplyRequest.class, "direction-apply", networks, Map.of(
                "table", Map.of("blob", table),
                "sources", seeds(),
                "prompts", List.of(Map.of("neutral", "a face", "target", "a face with glasses")),
                "selection", Map.of("channels", 1),
                "strengths", List.of(1)));
        try (var application = new DirectionApplication(request, networks, inputs)) {
            return median(application);
        }
    }

    private static byte[] randomTable(BundleNetworks networks) {
        var channels = StyleChannels.of(networks.generator());
        int width = networks.clip().orElseThrow().network().config().embedding();
        var random = new SplittableRandom(1);
        var directions = new float[channels.shaping().length][width];
        for (var direction : directions) {
            for (int i = 0; i < width; i++) {
                direction[i] = (float) random.nextDouble(-1, 1);
            }
        }
        var deviation = new float[channels.size()];
        Arrays.fill(deviation, 1);
        try (var manager = networks.engine().newManager()) {
            return new DirectionTable(Map.of("bundle", networks.card().reference()), channels, new float[channels
                    .size()], deviation, 0, directions).file(manager);
        }
    }
}
