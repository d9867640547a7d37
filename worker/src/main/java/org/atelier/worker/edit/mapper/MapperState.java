package org.atelier.worker.edit.mapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Optimizer;

/**
 * The file of an interrupted training.
 *
 * @param bundle     reference of the bundle that it is for
 * @param parameters that train
 * @param optimizer  of them
 * @param manager    lends memory for the time of a call
 */
record MapperState(String bundle, TrainedParameters parameters, Optimizer optimizer, NDManager manager) {
    private static final String OPTIMIZER = "optimizer/";
    private static final String PARAMETER = "parameter/";
    private static final String BEST = "best/";
    private static final String LOSSES = "losses";
    private static final String VALIDATIONS = "validations";
    private static final String BUNDLE = "bundle";

    /** The rows in a file. */
    record Rows(List<MapperLossRow> losses, List<MapperLossRow> validations) {}

    /**
     * Writes the state.
     *
     * @param file is created
     */
    void save(Path file, List<MapperLossRow> losses, List<MapperLossRow> validations, Map<String, NDArray> best)
            throws IOException {
        Files.write(file, Scope.call(() -> {
            var tensors = new TreeMap<String, NDArray>();
            parameters.arrays().forEach((name, array) -> tensors.put(PARAMETER + name, array));
            optimizer.state().forEach((name, array) -> tensors.put(OPTIMIZER + name, array));
            best.forEach((name, array) -> tensors.put(BEST + name, array));
            tensors.put(LOSSES, numbers(losses));
            tensors.put(VALIDATIONS, numbers(validations));
            return SafetensorsWriter.bytes(tensors, Map.of(BUNDLE, bundle));
        }));
    }

    private NDArray numbers(List<MapperLossRow> rows) {
        var numbers = MapperLossRow.pack(rows);
        return HostArrays.of(manager, numbers, new Shape(numbers.length));
    }

    /**
     * Puts parameters, optimiser and best weights into the state that was written.
     *
     * @throws IllegalArgumentException if it is the state of something else
     */
    Rows restore(Path file, BestWeights best) {
        return Scope.call(() -> {
            try (var stored = SafetensorsFile.open(file)) {
                if (!bundle.equals(stored.metadata().get(BUNDLE))) {
                    throw new IllegalArgumentException("the state belongs to the bundle " + stored.metadata().get(
                            BUNDLE));
                }
                optimizer.restore(under(OPTIMIZER, stored));
                parameters.arrays().keySet().forEach(name -> parameters.set(name, stored.read(PARAMETER + name,
                        manager)));
                under(BEST, stored).forEach(best::put);
                return new Rows(rows(LOSSES, stored), rows(VALIDATIONS, stored));
            }
        });
    }

    private Map<String, NDArray> under(String prefix, SafetensorsFile stored) {
        var arrays = new HashMap<String, NDArray>();
        stored.names().stream().filter(name -> name.startsWith(prefix)).forEach(name -> arrays.put(name.substring(prefix
                .length()), stored.readAsStored(name, manager)));
        return arrays;
    }

    private List<MapperLossRow> rows(String name, SafetensorsFile stored) {
        return MapperLossRow.unpack(stored.readAsStored(name, manager).toDoubleArray());
    }
}
