package org.atelier.worker.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.worker.checkpoint.StoredWeights;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.nn.stylegan2.RosinalityWeights;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;

/** Generators. StyleGAN2 of both layouts becomes the one of NVlabs; hyper-parameters come from shapes. */
final class StyleGanConversion {
    /** The mean latent, which not every checkpoint has. */
    static final String MEAN = "mapping.w_avg";

    private static final String FILTER = "synthesis.b4.resample_filter";
    private static final double MAPPING_LEARNING_FACTOR = 0.01;
    private static final int FIRST = 4;

    private StyleGanConversion() {}

    static ConvertedNetwork stylegan2(FoundNetwork network) {
        var names = NameTable.STYLEGAN2.sort(network.tensors());
        var tensors = Conversion.contents(names, network.tensors());
        var config = mapping(network, tensors);
        sizes(network, config, tensors);
        var init = Values.find(network.values(), "_init_kwargs").orElseGet(Value.None::new);
        // stylegan2-ada-pytorch nests them, the stylegan3 repository does not.
        Values.number(init, "synthesis_kwargs", "conv_clamp")
                .or(() -> Values.number(init, "conv_clamp"))
                .ifPresentOrElse(clamp -> config.put("conv_clamp", clamp), () -> config.putNull("conv_clamp"));
        Values.text(init, "synthesis_kwargs", "architecture")
                .or(() -> Values.text(init, "architecture"))
                .ifPresent(architecture -> config.put("architecture", architecture));
        Values.number(init, "mapping_kwargs", "lr_multiplier")
                .ifPresent(factor -> config.put("mapping_lr_multiplier", factor));
        network.tensors().find(FILTER).ifPresent(filter -> putFilter(config, filter));
        return Conversion.network(network, "stylegan2", config, tensors, names);
    }

    /** {@code latent_avg} stands beside the state dict: one row, or the same row for each layer. */
    static ConvertedNetwork rosinality(FoundNetwork network) {
        var weights = new RosinalityWeights(new StoredWeights(network.tensors()));
        var tensors = new TreeMap<String, TensorContent>();
        var unexpected = new ArrayList<String>();
        for (var name : weights.names()) {
            if (!name.startsWith("mapping.") && !name.startsWith("synthesis.")) {
                unexpected.add(name);
                continue;
            }
            var shape = Arrays.stream(weights.shape(name).getShape()).boxed().toList();
            tensors.put(name, TensorContent.asFloats(network.tensors().find(weights.original(name)).orElseThrow())
                    .reshaped(shape));
        }
        network.file().tensors().find("latent_avg").ifPresent(mean -> tensors.put(MEAN, meanRow(mean)));
        var config = mapping(network, tensors);
        sizes(network, config, tensors);
        config.putNull("conv_clamp");
        var dropped = network.tensors().names().stream().filter(name -> name.endsWith(".kernel")).toList();
        return new ConvertedNetwork(network.kind().part(), "stylegan2", config, tensors, dropped, unexpected);
    }

    private static TensorContent meanRow(StoredTensor mean) {
        var shape = mean.shape();
        int width = Math.toIntExact(shape[shape.length - 1]);
        var values = mean.toFloats();
        int rows = values.length / width;
        var row = new float[width];
        for (int i = 0; i < width; i++) {
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += values[r * width + i];
            }
            row[i] = (float) (sum / rows);
        }
        return TensorContent.of(row, width);
    }

    static ConvertedNetwork stylegan3(FoundNetwork network) {
        var names = NameTable.STYLEGAN3.sort(network.tensors());
        var tensors = Conversion.contents(names, network.tensors());
        var config = mapping(network, tensors);
        var init = Values.find(network.values(), "_init_kwargs").orElseGet(Value.None::new);
        if (init instanceof Value.Mapping options) {
            config.setAll(Values.plain(options));
        }
        var layers = tensors.keySet().stream()
                .filter(name -> name.startsWith("synthesis.L") && name.endsWith(".affine.weight"))
                .count();
        config.put("num_ws", layers + 1);
        Values.number(network.values(), "img_resolution").ifPresent(size -> config.put("img_resolution", size
                .intValue()));
        config.put("img_channels", 3);
        var first = tensors.keySet().stream().filter(name -> name.matches("synthesis\\.L0_\\d+_\\d+\\.weight"))
                .findFirst();
        first.ifPresent(name -> config.put("conv_kernel", tensors.get(name).shape().get(2)));
        config.put("use_radial_filters", tensors.entrySet()
                .stream()
                .anyMatch(entry -> entry.getKey().endsWith(".down_filter") && entry.getValue().shape().size() == 2));
        return Conversion.network(network, "stylegan3", config, tensors, names);
    }

    private static ObjectNode mapping(FoundNetwork network, SortedMap<String, TensorContent> tensors) {
        int layers = 0;
        while (tensors.containsKey("mapping.fc" + layers + ".weight")) {
            layers++;
        }
        if (layers == 0) {
            throw new ImportException("This is not all of " + network + ": it has no mapping network.");
        }
        var first = tensors.get("mapping.fc0.weight").shape();
        var last = tensors.get("mapping.fc" + (layers - 1) + ".weight").shape();
        var embedding = tensors.get("mapping.embed.weight");
        long zSize = first.get(1) - (embedding == null ? 0 : embedding.shape().getFirst());
        return Conversion.object()
                .put("z_dim", Math.toIntExact(zSize))
                .put("w_dim", Math.toIntExact(last.getFirst()))
                .put("c_dim", embedding == null ? 0 : Math.toIntExact(embedding.shape().get(1)))
                .put("mapping_layers", layers)
                .put("mapping_layer_features", Math.toIntExact(first.getFirst()))
                .put("mapping_lr_multiplier", MAPPING_LEARNING_FACTOR);
    }

    private static void sizes(FoundNetwork network, ObjectNode config, SortedMap<String, TensorContent> tensors) {
        var channels = config.putObject("channels");
        int resolution = FIRST;
        for (int size = FIRST; tensors.containsKey(block(size) + "conv1.weight"); size *= 2) {
            channels.put(String.valueOf(size), tensors.get(block(size) + "conv1.weight").shape().getFirst());
            resolution = size;
        }
        if (channels.isEmpty()) {
            throw new ImportException("This is not all of " + network + ": its first convolution is missing.");
        }
        config.put("img_resolution", resolution);
        config.put("num_ws", 2 * channels.size());
        config.put("img_channels", tensors.containsKey(block(FIRST) + "torgb.weight")
                ? Math.toIntExact(tensors.get(block(FIRST) + "torgb.weight").shape().getFirst())
                : 3);
        config.put("architecture", "skip");
        var taps = config.putArray("resample_filter");
        StyleGan2Config.RESAMPLE_FILTER.forEach(taps::add);
    }

    private static String block(int size) {
        return "synthesis.b" + size + ".";
    }

    /** The file has the outer product of the taps, normalised to a sum of 1: its rows' sums are the taps over theirs. */
    private static void putFilter(ObjectNode config, StoredTensor filter) {
        var values = filter.toFloats();
        int taps = (int) Math.round(Math.sqrt(values.length));
        var sums = new double[taps];
        for (int i = 0; i < values.length; i++) {
            sums[i / taps] += values[i];
        }
        var array = config.putArray("resample_filter");
        for (double sum : sums) {
            // The smallest published tap is 1; rounding takes away the error of the normalisation.
            array.add(Math.round(sum / sums[0] * 1e4) / 1e4);
        }
    }
}
