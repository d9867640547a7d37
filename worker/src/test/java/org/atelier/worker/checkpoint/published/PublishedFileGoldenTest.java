package org.atelier.worker.checkpoint.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.StringJoiner;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.published.CheckpointFixtures.Checkpoint;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every checkpoint of the goldens, tensor by tensor, against the sums of its expected values. */
class PublishedFileGoldenTest {
    private final PublishedFileReader reader = new PublishedFileReader();

    static List<Checkpoint> checkpoints() throws Exception {
        return CheckpointFixtures.checkpoints();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("checkpoints")
    void holdsExactlyTheExpectedTensors(Checkpoint checkpoint) throws Exception {
        var expected = checkpoint.expected();
        if (expected.path("tensors").isEmpty()) {
            holdsNoTensors(checkpoint);
            return;
        }
        var file = reader.read(checkpoint.file());

        assertThat(file.sha256().hex()).isEqualTo(expected.path("sha256").asText());
        assertThat(file.bytes()).isEqualTo(expected.path("bytes").asLong());
        assertThat(containerName(file.container(), expected)).isEqualTo(expected.path("container").asText());
        var wrong = new ArrayList<String>();
        var names = new LinkedHashSet<String>();
        for (var tensor : expected.path("tensors")) {
            var name = tensor.path("name").asText();
            names.add(name);
            var actual = file.tensors().find(name).map(PublishedFileGoldenTest::describe).orElse("missing");
            if (!actual.equals(describe(tensor))) {
                wrong.add(name + ": " + actual + " instead of " + describe(tensor));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(unexpected(file, names, expected)).isEmpty();
        names.forEach(name -> assertThat(file.tensors().nonFinite()).doesNotContainKey(name));
    }

    /** Such a file may be read or refused, but nothing else may happen. */
    private void holdsNoTensors(Checkpoint checkpoint) throws Exception {
        try {
            assertThat(reader.read(checkpoint.file()).tensors().names()).isEmpty();
        } catch (RefusedFileException e) {
            assertThat(e).hasMessageContaining(checkpoint.file().getFileName().toString());
        }
    }

    /** Names that are neither expected nor in a part that an importer ignores. */
    private static List<String> unexpected(PublishedFile file, LinkedHashSet<String> names, JsonNode expected) {
        var ignored = new ArrayList<String>();
        expected.path("ignored_subtrees").forEach(part -> ignored.add(part.asText()));
        return file.tensors().names().stream()
                .filter(name -> !names.contains(name))
                .filter(name -> ignored.stream().noneMatch(part -> name.equals(part) || name.startsWith(part + ".")))
                .filter(name -> !isScalarAttribute(file, name))
                .toList();
    }

    /** Whole numbers that a script module keeps as tensors: CLIP's input_resolution and the like. */
    private static boolean isScalarAttribute(PublishedFile file, String name) {
        var tensor = file.tensors().find(name).orElseThrow();
        return file.container() instanceof Container.TorchScript && tensor.shape().length == 0
                && tensor.type().isInteger();
    }

    private static String describe(StoredTensor tensor) {
        return describe(tensor.type().label(), tensor.shape(), CheckpointFixtures.sha256(tensor.toFloats()));
    }

    private static String describe(JsonNode tensor) {
        var shape = new ArrayList<Long>();
        tensor.path("shape").forEach(size -> shape.add(size.asLong()));
        return describe(tensor.path("dtype").asText(), shape.stream().mapToLong(Long::longValue).toArray(),
                tensor.path("sha256_f32le").asText());
    }

    private static String describe(String type, long[] shape, String sha256) {
        var sizes = new StringJoiner("x", "[", "]");
        for (long size : shape) {
            sizes.add(String.valueOf(size));
        }
        return type + sizes + " " + sha256;
    }

    /** A container in the words of the goldens; what they add in brackets or behind is not about the container. */
    private static String containerName(Container container, JsonNode expected) {
        var name = switch (container) {
            case Container.TorchZip zip -> "torch zip";
            case Container.TorchLegacy legacy -> "torch legacy";
            case Container.TorchScript script -> "TorchScript zip";
            case Container.NvlabsPickle pickle -> "NVlabs pickle protocol " + pickle.protocol();
            case Container.PlainPickle pickle -> "plain pickle protocol " + pickle.protocol();
            case Container.Npy npy -> "npy";
            case Container.Safetensors safetensors -> "safetensors";
            case Container.Npz npz -> npz.compressed() ? "npz deflated" : "npz stored";
        };
        var known = expected.path("container").asText();
        if (container instanceof Container.Npy npy) {
            return known.startsWith("npy v" + npy.version()) || known.startsWith("npy object") ? known : name;
        }
        return name;
    }
}
