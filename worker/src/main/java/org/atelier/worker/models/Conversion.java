package org.atelier.worker.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.worker.checkpoint.StoredWeights;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.nn.face.IrSeConfig;

/** Turns networks as they were published into networks of a bundle; nothing is read but shapes. */
final class Conversion {
    private static final String WEIGHT = ".weight";

    private Conversion() {}

    /**
     * Converts the networks that stand for themselves.
     *
     * @throws ImportException if shapes contradict each other
     */
    static ConvertedNetwork of(FoundNetwork network) {
        var converted = switch (network.kind()) {
            case STYLEGAN2 -> StyleGanConversion.stylegan2(network);
            case STYLEGAN2_ROSINALITY -> StyleGanConversion.rosinality(network);
            case STYLEGAN3 -> StyleGanConversion.stylegan3(network);
            case CLIP -> ClipConversion.openAi(network);
            case CLIP_HUGGING_FACE -> ClipConversion.huggingFace(network);
            case IDENTITY -> identity(network);
            case ENCODER -> EncoderConversion.of(network);
            case MAPPER -> mapper(network);
            case BACKBONE, LPIPS_HEADS, MTCNN_PROPOSAL, MTCNN_REFINEMENT, MTCNN_OUTPUT ->
                throw new IllegalArgumentException("converted together: " + network);
        };
        return withOrigin(converted, List.of(network));
    }

    /** A network with the files that it comes from in its configuration. */
    static ConvertedNetwork withOrigin(ConvertedNetwork network, List<FoundNetwork> sources) {
        var origin = network.config().putArray("origin");
        for (var source : sources) {
            var entry = origin.addObject()
                    .put("file", source.fileName())
                    .put("sha256", source.file().sha256().hex())
                    .put("bytes", source.file().bytes())
                    .put("container", source.file().container().getClass().getSimpleName())
                    .put("kind", source.kind().title())
                    .put("place", source.place());
            source.file().persistentClasses().forEach(known -> entry.withObject("classes").put(known.name(), known
                    .source().hex()));
        }
        return network;
    }

    /** Copies the tensors that a table takes, under their own names, as float32. */
    static SortedMap<String, TensorContent> contents(NameTable.Sorted names, TensorTable tensors) {
        var contents = new TreeMap<String, TensorContent>();
        names.taken().forEach((ours, theirs) -> contents.put(ours, TensorContent.asFloats(tensors.find(theirs)
                .orElseThrow())));
        return contents;
    }

    static ConvertedNetwork network(FoundNetwork source, String architecture, ObjectNode config,
            SortedMap<String, TensorContent> tensors, NameTable.Sorted names) {
        return new ConvertedNetwork(source.kind().part(), architecture, config, tensors, names.dropped(), names
                .unexpected());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * A size of a tensor.
     *
     * @throws ImportException if there is no such tensor or axis
     */
    static int size(FoundNetwork network, String tensor, int axis) {
        var shape = network.tensors()
                .find(tensor)
                .orElseThrow(() -> new ImportException("This is not all of " + network + ": it has no " + tensor
                        + ". The file is incomplete, or of another layout."))
                .shape();
        if (axis >= shape.length) {
            throw new ImportException(tensor + " of " + network + " has " + shape.length + " axes, which is no known"
                    + " layout.");
        }
        return Math.toIntExact(shape[axis]);
    }

    /** How many layers there are whose names differ in a number: {@code prefix0suffix}, {@code prefix1suffix} ... */
    static int count(TensorTable tensors, String prefix, String suffix) {
        int count = 0;
        while (tensors.find(prefix + count + suffix).isPresent()) {
            count++;
        }
        return count;
    }

    private static ConvertedNetwork identity(FoundNetwork network) {
        var names = NameTable.IDENTITY.sort(network.tensors());
        var sizes = IrSeConfig.infer(new StoredWeights(network.tensors()));
        var config = object().put("input", sizes.input()).put("embedding", sizes.embedding());
        EncoderConversion.putStages(config, sizes.stages());
        return network(network, "ir-se", config, contents(names, network.tensors()), names);
    }

    private static ConvertedNetwork mapper(FoundNetwork network) {
        var names = NameTable.MAPPER.sort(network.tensors());
        var config = object();
        var levels = config.putArray("levels");
        for (var level : List.of("course", "medium", "fine")) {
            if (names.taken().containsKey("mapper." + level + "_mapping.mapping.1.weight")) {
                levels.add(level);
            }
        }
        int styles = count(network.tensors(), "mapper.mapper_", ".mapping.1" + WEIGHT);
        config.put("type", styles > 0 ? "stylespace" : levels.isEmpty() ? "single" : "levels");
        options(network).ifPresent(options -> config.set("opts", options));
        return network(network, "styleclip-mapper", config, contents(names, network.tensors()), names);
    }

    /** The options of the training run, as far as they are plain values. */
    static Optional<ObjectNode> options(FoundNetwork network) {
        return network.file().root() instanceof Value.Mapping root && root.get("opts").orElse(
                null) instanceof Value.Mapping options
                        ? Optional.of(Values.plain(options))
                        : Optional.empty();
    }

    /**
     * A backbone with the linear layers of LPIPS.
     *
     * @throws ImportException if they do not fit each other
     */
    static ConvertedNetwork lpips(FoundNetwork backbone, FoundNetwork heads) {
        var features = NameTable.BACKBONE.sort(backbone.tensors());
        var linear = NameTable.LPIPS_HEADS.sort(heads.tensors());
        boolean vgg = size(backbone, "features.0.weight", 2) == 3;
        var taps = vgg ? List.of(2, 7, 14, 21, 28) : List.of(0, 3, 6, 8, 10);
        var config = object();
        var channels = config.putArray("channels");
        for (int tap = 0; tap < taps.size(); tap++) {
            int width = size(backbone, "features." + taps.get(tap) + WEIGHT, 0);
            int wanted = size(heads, "lin" + tap + ".model.1.weight", 1);
            if (width != wanted) {
                throw new ImportException("The linear layers of " + heads + " belong to another backbone than "
                        + backbone + ": its layer " + taps.get(tap) + " has " + width + " channels, they take " + wanted
                        + ". vgg.pth belongs to VGG16, alex.pth to AlexNet.");
            }
            channels.add(width);
        }
        // LPIPS ScalingLayer, version 0.1.
        config.putArray("shift").add(-.030).add(-.088).add(-.188);
        config.putArray("scale").add(.458).add(.448).add(.450);
        var tensors = contents(features, backbone.tensors());
        tensors.putAll(contents(linear, heads.tensors()));
        var dropped = new ArrayList<>(features.dropped());
        dropped.addAll(linear.dropped());
        var unexpected = new ArrayList<>(features.unexpected());
        unexpected.addAll(linear.unexpected());
        return withOrigin(new ConvertedNetwork(Kind.BACKBONE.part(), vgg ? "vgg16-lpips" : "alexnet-lpips", config,
                tensors, dropped, unexpected), List.of(backbone, heads));
    }
}
