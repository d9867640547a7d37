package org.atelier.worker.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.published.PublishedFile;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.checkpoint.value.Value;

/** Finds out which networks a published file holds, by the names and shapes of its tensors and never by its own name. */
final class Recogniser {
    private static final int SHOWN = 5;

    /** Places of a generator: the moving average is the one that is published to be used. */
    private static final List<String> GENERATORS = List.of("G_ema", "g_ema", "G", "state_dict.decoder", "");

    /** Places of a state dict; {@code module} is what training on several devices puts before each name. */
    private static final List<String> STATE_DICTS = List.of("", "state_dict", "module", "state_dict.module",
            "model_state_dict");

    /** Places of the networks of MTCNN, where one file has all of them. */
    private static final List<String> MTCNN = List.of("pnet", "rnet", "onet");

    private final String fileName;
    private final PublishedFile file;

    private Recogniser(String fileName, PublishedFile file) {
        this.fileName = fileName;
        this.file = file;
    }

    /**
     * The networks of a file: an encoder's file has its generator too.
     *
     * @throws ImportException if there is none; it says what the file holds instead
     */
    static List<FoundNetwork> networks(String fileName, PublishedFile file) {
        return new Recogniser(fileName, file).find();
    }

    private List<FoundNetwork> find() {
        var found = new ArrayList<FoundNetwork>();
        STATE_DICTS.stream().flatMap(place -> edit(place).stream()).findFirst().ifPresent(found::add);
        // The generator in a mapper's file is a copy of a published one.
        if (found.stream().noneMatch(network -> network.kind() == Kind.MAPPER)) {
            GENERATORS.stream().flatMap(place -> generator(place).stream()).findFirst().ifPresent(found::add);
        }
        if (found.isEmpty()) {
            MTCNN.stream().flatMap(place -> mtcnn(place).stream()).forEach(found::add);
        }
        if (found.isEmpty()) {
            STATE_DICTS.stream().flatMap(place -> other(place).stream()).findFirst().ifPresent(found::add);
        }
        if (found.isEmpty()) {
            throw new ImportException(fileName + ": " + wrongKind());
        }
        return found;
    }

    private TensorTable at(String place) {
        return place.isEmpty() ? file.tensors() : file.tensors().under(place);
    }

    private Optional<FoundNetwork> edit(String place) {
        var table = at(place);
        if (startsWith(table, "mapper.")) {
            return Optional.of(found(Kind.MAPPER, place, only(table, "mapper.")));
        }
        if (startsWith(table, "encoder.input_layer.") || startsWith(table, "encoder.conv1.")) {
            return Optional.of(found(Kind.ENCODER, place, only(table, "encoder.")));
        }
        return Optional.empty();
    }

    private Optional<FoundNetwork> generator(String place) {
        var table = at(place);
        if (has(table, "synthesis.input.freqs")) {
            return Optional.of(found(Kind.STYLEGAN3, place, table));
        }
        if (has(table, "synthesis.b4.const")) {
            return Optional.of(found(Kind.STYLEGAN2, place, table));
        }
        if (has(table, "input.input") && has(table, "conv1.conv.weight")) {
            if (!has(table, "noises.noise_0") || !has(table, "style.1.weight")) {
                throw new ImportException(fileName
                        + ": This generator is of a fork of rosinality's code that Atelier does"
                        + " not know: it has no noises.noise_0 or no style.1.weight. Import a checkpoint of the original"
                        + " code.");
            }
            return Optional.of(found(Kind.STYLEGAN2_ROSINALITY, place, table));
        }
        return Optional.empty();
    }

    private Optional<FoundNetwork> other(String place) {
        var table = at(place);
        if (has(table, "text_model.embeddings.token_embedding.weight") && has(table, "visual_projection.weight")) {
            return Optional.of(found(Kind.CLIP_HUGGING_FACE, place, table));
        }
        if (has(table, "visual.conv1.weight") && has(table, "token_embedding.weight")) {
            return Optional.of(found(Kind.CLIP, place, table));
        }
        if (has(table, "input_layer.0.weight") && has(table, "output_layer.3.weight")) {
            return Optional.of(found(Kind.IDENTITY, place, table));
        }
        if (has(table, "lin0.model.1.weight")) {
            return Optional.of(found(Kind.LPIPS_HEADS, place, table));
        }
        if (has(table, "features.0.weight") && has(table, "features.10.weight")) {
            return Optional.of(found(Kind.BACKBONE, place, table));
        }
        return mtcnn(place);
    }

    private Optional<FoundNetwork> mtcnn(String place) {
        var table = at(place);
        if (has(table, "conv4_1.weight") && has(table, "conv4_2.weight") && has(table, "prelu3.weight")) {
            return Optional.of(found(Kind.MTCNN_PROPOSAL, place, table));
        }
        if (has(table, "dense4.weight") && has(table, "dense5_1.weight")) {
            return Optional.of(found(Kind.MTCNN_REFINEMENT, place, table));
        }
        if (has(table, "dense5.weight") && has(table, "dense6_3.weight")) {
            return Optional.of(found(Kind.MTCNN_OUTPUT, place, table));
        }
        return Optional.empty();
    }

    private FoundNetwork found(Kind kind, String place, TensorTable table) {
        return new FoundNetwork(kind, fileName, file, place, table, values(place));
    }

    private Value values(String place) {
        var value = file.root();
        for (var step : place.isEmpty() ? new String[0] : place.split("\\.")) {
            if (value instanceof Value.Mapping mapping && mapping.get(step).isPresent()) {
                value = mapping.get(step).orElseThrow();
            }
        }
        return value;
    }

    private static boolean has(TensorTable table, String name) {
        return table.find(name).isPresent();
    }

    private static boolean startsWith(TensorTable table, String prefix) {
        return table.names().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static TensorTable only(TensorTable table, String prefix) {
        var part = new LinkedHashMap<String, StoredTensor>();
        table.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name, tensor);
            }
        });
        return new TensorTable(part);
    }

    private String wrongKind() {
        var names = file.tensors().names();
        var shown = names.stream()
                .limit(SHOWN)
                .map(name -> Quoted.of(name) + " " + file.tensors().find(name).orElseThrow())
                .collect(Collectors.joining(", "));
        var what = startsWith(file.tensors(), "features.") || startsWith(file.tensors(), "conv1.")
                ? "a network of another kind"
                : names.size() <= SHOWN
                        ? "arrays of numbers (a latent, a direction or statistics) and no network"
                        : "no network that Atelier knows";
        return "This file holds " + what + ": " + shown + (names.size() > SHOWN ? ", and more" : "")
                + ". Generators (StyleGAN2, StyleGAN3), CLIP, ir_se50, VGG16 or AlexNet with the layers of LPIPS, encoders"
                + " (e4e, pSp, ReStyle), MTCNN and StyleCLIP mappers can be imported. Is it the file that was meant?";
    }
}
