package org.atelier.worker.models;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.worker.checkpoint.StoredWeights;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.nn.face.IrSeConfig;
import org.atelier.worker.nn.face.IrSeConfig.Stage;

/** Encoders of pSp's family: which of them it is stands in the options of the training run, sizes in the shapes. */
final class EncoderConversion {
    private static final String LATENT = "latent_avg";

    /** Pictures are scaled to this before they are encoded (pSp {@code configs/transforms_config.py}). */
    private static final int INPUT = 256;

    private EncoderConversion() {}

    static ConvertedNetwork of(FoundNetwork network) {
        var names = NameTable.ENCODER.sort(network.tensors());
        var tensors = Conversion.contents(names, network.tensors());
        var mean = network.file().tensors().find(LATENT);
        mean.ifPresent(tensor -> tensors.put(LATENT, TensorContent.asFloats(tensor)));
        boolean residual = tensors.containsKey("encoder.conv1.weight");
        int colours = Conversion.size(network, residual ? "encoder.conv1.weight" : "encoder.input_layer.0.weight", 1);
        int styles = Conversion.count(network.tensors(), "encoder.styles.", ".linear.weight");
        var options = Values.find(network.file().root(), "opts");
        var type = options.flatMap(opts -> Values.text(opts, "encoder_type")).orElse("");
        var config = Conversion.object()
                .put("encoder_type", type)
                .put("backbone", residual ? "resnet34" : "ir-se")
                .put("input", INPUT)
                .put("input_nc", colours)
                .put("n_styles", styles)
                .put("start_from_latent_avg", options.flatMap(opts -> Values.truth(opts, "start_from_latent_avg"))
                        .orElse(mean.isPresent()));
        var width = styles > 0 ? "encoder.styles.0.linear.weight" : "encoder.linear.weight";
        if (tensors.containsKey(width)) {
            config.put("w_dim", tensors.get(width).shape().getFirst());
        }
        options.flatMap(opts -> Values.number(opts, "output_size").or(() -> Values.number(opts, "stylegan_size")))
                .ifPresent(size -> config.put("output_size", size.intValue()));
        if (!residual) {
            putStages(config, IrSeConfig.stages(new StoredWeights(network.tensors()), "encoder."));
        }
        return Conversion.network(network, architecture(type, styles), config, tensors, names);
    }

    /** What no weight tells. That it sees six colours, the picture and the one of the last turn, its shapes do: ReStyle. */
    private static String architecture(String type, int styles) {
        if (styles == 0) {
            return "psp-w";
        }
        boolean distances = type.equals("Encoder4Editing") || type.startsWith("Progressive") || type.startsWith(
                "ResNetProgressive");
        return distances ? "e4e" : "psp";
    }

    /** Writes stages as {@link IrSeConfig#of} reads them. */
    static void putStages(ObjectNode config, List<Stage> stages) {
        var array = config.putArray("stages");
        stages.forEach(stage -> array.addArray().add(stage.inputs()).add(stage.outputs()).add(stage.units()));
    }
}
