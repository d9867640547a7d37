package org.atelier.worker.edit.invert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/**
 * The file of an interrupted inversion.
 *
 * @param bundle  reference of the bundle that it is for
 * @param manager lends memory for the time of a call
 */
record InversionState(String bundle, NDManager manager) {
    private static final String BUNDLE = "bundle";
    private static final String STAGE = "stage";
    private static final String STEPS = "steps";
    private static final String LOSSES = "losses";
    private static final String ARRAY = "state/";

    /**
     * What a file says beside its arrays.
     *
     * @param stage  number of the stage, from 0
     * @param steps  made in it
     * @param losses of all stages
     */
    record Progress(int stage, int steps, List<InversionLoss> losses) {}

    /**
     * Writes the state.
     *
     * @param file is created
     */
    void save(Path file, Progress progress, Map<String, NDArray> state) throws IOException {
        Files.write(file, Scope.call(() -> {
            var tensors = new TreeMap<String, NDArray>();
            state.forEach((name, array) -> tensors.put(ARRAY + name, array));
            var numbers = InversionLoss.pack(progress.losses);
            tensors.put(LOSSES, HostArrays.of(manager, numbers, new Shape(numbers.length)));
            return SafetensorsWriter.bytes(tensors, Map.of(BUNDLE, bundle, STAGE, Integer.toString(progress.stage),
                    STEPS, Integer.toString(progress.steps)));
        }));
    }

    /** The number of the stage in which a file was written. */
    int stage(Path file) {
        try (var stored = SafetensorsFile.open(file)) {
            return number(STAGE, stored);
        }
    }

    /**
     * Reads the state.
     *
     * @param taker gets progress and arrays; those are gone afterwards
     * @throws IllegalArgumentException if it is the state of something else
     */
    void restore(Path file, BiConsumer<Progress, Map<String, NDArray>> taker) {
        Scope.run(() -> {
            try (var stored = SafetensorsFile.open(file)) {
                if (!bundle.equals(stored.metadata().get(BUNDLE))) {
                    throw new IllegalArgumentException("the state belongs to the bundle " + stored.metadata().get(
                            BUNDLE));
                }
                var arrays = new HashMap<String, NDArray>();
                stored.names().stream().filter(name -> name.startsWith(ARRAY)).forEach(name -> arrays.put(name
                        .substring(ARRAY.length()), stored.readAsStored(name, manager)));
                taker.accept(new Progress(number(STAGE, stored), number(STEPS, stored), InversionLoss.unpack(stored
                        .readAsStored(LOSSES, manager).toDoubleArray())), arrays);
            }
        });
    }

    private static int number(String name, SafetensorsFile stored) {
        return Integer.parseInt(stored.metadata().getOrDefault(name, ""));
    }
}
