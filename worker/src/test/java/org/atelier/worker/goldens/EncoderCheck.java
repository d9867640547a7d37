package org.atelier.worker.goldens;

import java.util.regex.Pattern;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.encoder.Encoder;
import org.atelier.worker.nn.encoder.StyleEncoder;
import org.atelier.worker.nn.encoder.StyleEncoder.Rows;
import org.atelier.worker.nn.encoder.WEncoder;

/** Encoders: codes, those of every training stage, and the gradient with respect to the picture. */
final class EncoderCheck implements Check {
    private static final Pattern STAGE = Pattern.compile("codes_stage(\\d+)");
    private static final int BLOCK = 8;
    private static final double DETAIL = 0.2;

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("encoders") && golden.has("in.image_blocks") && golden.weightTables().size() == 1;
    }

    static Encoder encoder(GeneratedWeights weights, String reference) {
        if (weights.names().stream().noneMatch(name -> name.startsWith("encoder.styles."))) {
            return WEncoder.load(WEncoder.Config.PUBLISHED, weights, TestEngine.get());
        }
        boolean progressive = reference.contains("Encoder4Editing") || reference.contains("Progressive");
        return StyleEncoder.load(progressive ? Rows.PROGRESSIVE : Rows.INDEPENDENT, weights, TestEngine.get());
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var reference = golden.description().path("reference").path(0).path("function").asText();
        var name = golden.id().substring(golden.group().length() + 1);
        var blocks = IdentityLossCheck.enlarged(golden.array("in.image_blocks", manager), BLOCK);
        var image = blocks.add(GeneratedWeights.input("in.detail/" + name, blocks.getShape(), DETAIL, 0, manager));
        try (var encoder = encoder(golden.weights(), reference); var tape = TestEngine.get().record()) {
            int rows = golden.config().path("n_styles").asInt();
            var leaf = tape.leaf(image);
            var codes = allRows(encoder.codes(leaf), rows);
            var weights = GeneratedWeights.input("in.r/" + name, new Shape(codes.getShape().getShape()), 1, 0, manager);
            tape.backward(codes.mul(weights).sum());
            verdict.compare("codes", codes);
            verdict.compare("grad", leaf.getGradient());
        }
        stages(golden, reference, image, verdict);
    }

    private static void stages(Golden golden, String reference, NDArray image, Verdict verdict) {
        var stages = golden.outputs().stream().map(output -> STAGE.matcher(output.name())).filter(stage -> stage
                .matches()).toList();
        if (stages.isEmpty()) {
            return;
        }
        try (var encoder = (StyleEncoder) encoder(golden.weights(), reference)) {
            stages.forEach(stage -> verdict.compare(stage.group(), encoder.codes(image, Integer.parseInt(stage.group(
                    1)))));
        }
    }

    private static NDArray allRows(NDArray codes, int rows) {
        return codes.getShape().get(1) == 1 ? codes.repeat(1, rows) : codes;
    }
}
