package org.atelier.worker.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;

/** CLIP: the layout of Hugging Face becomes OpenAI's. Sizes are inferred as OpenAI's {@code build_model} does. */
final class ClipConversion {
    private static final int HEAD = 64;

    /** What an attention block of Hugging Face's calls its layers, and OpenAI. Queries, keys and values are joined. */
    private static final Map<String, String> BLOCK = Map.of(
            "layer_norm1", "ln_1",
            "layer_norm2", "ln_2",
            "self_attn.out_proj", "attn.out_proj",
            "mlp.fc1", "mlp.c_fc",
            "mlp.fc2", "mlp.c_proj");

    /** What stands outside of the blocks. */
    private static final Map<String, String> SINGLE = Map.ofEntries(
            Map.entry("logit_scale", "logit_scale"),
            Map.entry("text_model.embeddings.token_embedding.weight", "token_embedding.weight"),
            Map.entry("text_model.embeddings.position_embedding.weight", "positional_embedding"),
            Map.entry("text_model.final_layer_norm.weight", "ln_final.weight"),
            Map.entry("text_model.final_layer_norm.bias", "ln_final.bias"),
            Map.entry("vision_model.embeddings.class_embedding", "visual.class_embedding"),
            Map.entry("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
            Map.entry("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
            Map.entry("vision_model.pre_layrnorm.weight", "visual.ln_pre.weight"),
            Map.entry("vision_model.pre_layrnorm.bias", "visual.ln_pre.bias"),
            Map.entry("vision_model.post_layernorm.weight", "visual.ln_post.weight"),
            Map.entry("vision_model.post_layernorm.bias", "visual.ln_post.bias"));

    /** Linear layers there, matrices that pictures and texts are multiplied with here: transposed. */
    private static final Map<String, String> TRANSPOSED = Map.of(
            "text_projection.weight", "text_projection",
            "visual_projection.weight", "visual.proj");

    private static final Pattern LAYER = Pattern.compile(
            "(text|vision)_model\\.encoder\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final String JOINED_FIRST = "self_attn.q_proj";
    private static final List<String> JOINED = List.of(JOINED_FIRST, "self_attn.k_proj", "self_attn.v_proj");
    private static final String POSITIONS = ".position_ids";

    private ClipConversion() {}

    static ConvertedNetwork openAi(FoundNetwork network) {
        var names = NameTable.CLIP.sort(network.tensors());
        var tensors = Conversion.contents(names, network.tensors());
        var config = config(tensors);
        return Conversion.network(network, architecture(config), config, tensors, names);
    }

    static ConvertedNetwork huggingFace(FoundNetwork network) {
        var table = network.tensors();
        var tensors = new TreeMap<String, TensorContent>();
        var dropped = new ArrayList<String>();
        var unexpected = new ArrayList<String>();
        table.tensors().forEach((name, tensor) -> {
            var layer = LAYER.matcher(name);
            if (SINGLE.containsKey(name)) {
                tensors.put(SINGLE.get(name), TensorContent.asFloats(tensor));
            } else if (TRANSPOSED.containsKey(name)) {
                tensors.put(TRANSPOSED.get(name), transposed(tensor));
            } else if (name.endsWith(POSITIONS)) {
                dropped.add(name);
            } else if (layer.matches() && BLOCK.containsKey(layer.group(3))) {
                tensors.put(block(layer.group(1), layer.group(2)) + BLOCK.get(layer.group(3)) + "." + layer.group(4),
                        TensorContent.asFloats(tensor));
            } else if (layer.matches() && layer.group(3).equals(JOINED_FIRST)) {
                tensors.put(block(layer.group(1), layer.group(2)) + "attn.in_proj_" + layer.group(4), joined(network,
                        name));
            } else if (!layer.matches() || !JOINED.contains(layer.group(3))) {
                unexpected.add(name);
            }
        });
        var config = config(tensors);
        return new ConvertedNetwork(network.kind().part(), architecture(config), config, tensors, dropped, unexpected);
    }

    private static String block(String tower, String index) {
        return (tower.equals("vision") ? "visual." : "") + "transformer.resblocks." + index + ".";
    }

    /** {@code [3 C, C]} or {@code [3 C]} of queries, keys and values. */
    private static TensorContent joined(FoundNetwork network, String queries) {
        var parts = new LinkedHashMap<String, StoredTensor>();
        for (var part : JOINED) {
            var name = queries.replace(JOINED_FIRST, part);
            parts.put(name, network.tensors().find(name).orElseThrow(() -> new ImportException("This is not all of "
                    + network + ": it has " + queries + " and no " + name + ".")));
        }
        var shape = new ArrayList<Long>();
        for (long size : parts.values().iterator().next().shape()) {
            shape.add(size);
        }
        shape.set(0, JOINED.size() * shape.getFirst());
        return new TensorContent(StoredType.FLOAT32, shape, () -> {
            var buffer = buffer(parts.values().stream().mapToLong(StoredTensor::size).sum());
            parts.values().forEach(part -> {
                for (float value : part.toFloats()) {
                    buffer.putFloat(value);
                }
            });
            return buffer.flip();
        });
    }

    private static TensorContent transposed(StoredTensor tensor) {
        var shape = tensor.shape();
        if (shape.length != 2) {
            throw new ImportException("A projection of this CLIP has " + shape.length + " axes instead of 2.");
        }
        int rows = Math.toIntExact(shape[0]);
        int columns = Math.toIntExact(shape[1]);
        return new TensorContent(StoredType.FLOAT32, List.of(shape[1], shape[0]), () -> {
            var values = tensor.toFloats();
            var buffer = buffer(values.length);
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    buffer.putFloat(values[row * columns + column]);
                }
            }
            return buffer.flip();
        });
    }

    private static ByteBuffer buffer(long floats) {
        return ByteBuffer.allocate(Math.toIntExact(floats * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String architecture(ObjectNode config) {
        return config.path("vision_layers").isArray() ? "clip-resnet" : "clip-vit";
    }

    /** Source: {@code clip/model.py}, {@code build_model}. */
    private static ObjectNode config(Map<String, TensorContent> tensors) {
        var config = Conversion.object();
        int textWidth = size(tensors, "ln_final.weight", 0);
        config.put("embed_dim", size(tensors, "text_projection", 1));
        config.put("context_length", size(tensors, "positional_embedding", 0));
        config.put("vocab_size", size(tensors, "token_embedding.weight", 0));
        config.put("transformer_width", textWidth);
        config.put("transformer_heads", textWidth / HEAD);
        config.put("transformer_layers", blocks(tensors, "transformer.resblocks.", ".ln_1.weight"));
        if (tensors.containsKey("visual.proj")) {
            int patch = size(tensors, "visual.conv1.weight", 2);
            int grid = (int) Math.round(Math.sqrt(size(tensors, "visual.positional_embedding", 0) - 1.0));
            config.put("vision_width", size(tensors, "visual.conv1.weight", 0));
            config.put("vision_layers", blocks(tensors, "visual.transformer.resblocks.", ".ln_1.weight"));
            config.put("vision_patch_size", patch);
            config.put("image_resolution", patch * grid);
        } else {
            var layers = config.putArray("vision_layers");
            for (int stage = 1; stage <= 4; stage++) {
                layers.add(blocks(tensors, "visual.layer" + stage + ".", ".conv1.weight"));
            }
            int width = size(tensors, "visual.layer1.0.conv1.weight", 0);
            int grid = (int) Math.round(Math.sqrt(size(tensors, "visual.attnpool.positional_embedding", 0) - 1.0));
            config.put("vision_width", width);
            config.put("vision_heads", width * 32 / HEAD);
            config.put("image_resolution", 32 * grid);
        }
        return config;
    }

    private static int blocks(Map<String, TensorContent> tensors, String prefix, String suffix) {
        int count = 0;
        while (tensors.containsKey(prefix + count + suffix)) {
            count++;
        }
        return count;
    }

    private static int size(Map<String, TensorContent> tensors, String name, int axis) {
        var tensor = tensors.get(name);
        if (tensor == null || tensor.shape().size() <= axis) {
            throw new ImportException("This CLIP has no " + name
                    + ", or it has too few axes: the file is incomplete or of"
                    + " another layout.");
        }
        return Math.toIntExact(tensor.shape().get(axis));
    }
}
