package org.atelier.worker.goldens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.SafetensorsFile;

/** One golden: inputs, expected outputs and what they belong to. */
final class Golden implements AutoCloseable {
    private final Path root;
    private final String id;
    private final JsonNode description;
    private final SafetensorsFile tensors;

    /**
     * What the description says about a tensor.
     *
     * @param tolerance   of the largest deviation, relative to the largest magnitude; empty for integers
     * @param l2Tolerance of the deviation's norm, relative to the norm
     */
    record Expected(String name, Shape shape, Optional<Double> tolerance, Optional<Double> l2Tolerance) {}

    /** @param file the description, {@code GROUP/NAME.json} */
    Golden(Path root, Path file) {
        var relative = root.relativize(file).toString();
        this.root = root;
        this.id = relative.substring(0, relative.length() - ".json".length());
        this.description = json(file);
        this.tensors = SafetensorsFile.open(root.resolve(id + ".safetensors"));
    }

    static JsonNode json(Path file) {
        try {
            return Json.mapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String id() {
        return id;
    }

    String group() {
        return id.substring(0, id.indexOf('/'));
    }

    JsonNode description() {
        return description;
    }

    JsonNode config() {
        return description.path("config");
    }

    /** Names of the weight tables, without folder and ending; key maps are left out. */
    List<String> weightTables() {
        return description.path("weights").valueStream()
                .map(JsonNode::asText)
                .filter(file -> !file.contains(".nv_to_ros."))
                .map(file -> file.substring(file.indexOf('/') + 1, file.length() - ".json".length()))
                .toList();
    }

    /** The weights of a table. */
    GeneratedWeights weights(String table) {
        return GeneratedWeights.of(json(root.resolve("weights/" + table + ".json")));
    }

    /** The weights of the only table. */
    GeneratedWeights weights() {
        return weights(weightTables().getFirst());
    }

    /** The map from NVlabs to rosinality names of a table. */
    JsonNode rosinalityMap(String table) {
        return json(root.resolve("weights/" + table + ".nv_to_ros.json"));
    }

    List<Expected> outputs() {
        return description.path("tensors").valueStream()
                .filter(tensor -> tensor.path("role").asText().equals("output"))
                .map(tensor -> new Expected(tensor.path("name").asText(), shape(tensor), number(tensor, "tol"), number(
                        tensor, "tol_l2")))
                .toList();
    }

    private static Shape shape(JsonNode tensor) {
        return new Shape(tensor.path("shape").valueStream().mapToLong(JsonNode::asLong).toArray());
    }

    private static Optional<Double> number(JsonNode tensor, String field) {
        return Optional.ofNullable(tensor.get(field)).map(JsonNode::doubleValue);
    }

    boolean has(String tensor) {
        return tensors.names().contains(tensor);
    }

    /** Names of all stored tensors. */
    List<String> names() {
        return List.copyOf(tensors.names());
    }

    NDArray array(String name, NDManager manager) {
        return tensors.readAsStored(name, manager);
    }

    @Override
    public void close() {
        tensors.close();
    }
}
