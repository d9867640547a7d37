package org.atelier.worker.edit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.optim.Optimizer;

/**
 * The file of an edit that optimises: its own tensors, its optimiser's, its losses so far, and the bundle that it is for.
 *
 * @param bundle    reference of the bundle
 * @param prefix    of the optimiser's tensors
 * @param optimizer whose state is kept
 * @param losses    of the steps so far
 * @param manager   lends memory for the time of a call
 */
record StateFile(String bundle, String prefix, Optimizer optimizer, List<LossRow> losses, NDManager manager) {
    private static final String LOSSES = "losses";
    private static final String BUNDLE = "bundle";

    /**
     * Writes the state.
     *
     * @param file is created
     * @param own  tensors of the edit
     */
    void save(Path file, Map<String, NDArray> own) throws IOException {
        Files.write(file, Scope.call(() -> {
            var tensors = new TreeMap<>(own);
            tensors.put(LOSSES, HostArrays.of(manager, LossRow.pack(losses), new Shape(losses.size(),
                    LossRow.NUMBERS)));
            optimizer.state().forEach((name, array) -> tensors.put(prefix + name, array));
            return SafetensorsWriter.bytes(tensors, Map.of(BUNDLE, bundle));
        }));
    }

    /**
     * Puts the optimiser and the losses into the state that was written.
     *
     * @param own takes the tensors of the edit; what it makes of them must outlive the call by itself
     * @throws IllegalArgumentException if the state belongs to another bundle or optimiser
     */
    void restore(Path file, Consumer<SafetensorsFile> own) {
        Scope.run(() -> {
            try (var stored = SafetensorsFile.open(file)) {
                if (!bundle.equals(stored.metadata().get(BUNDLE))) {
                    throw new IllegalArgumentException("the state belongs to the bundle " + stored.metadata().get(
                            BUNDLE));
                }
                optimizer.restore(stored.names().stream()
                        .filter(name -> name.startsWith(prefix))
                        .collect(Collectors.toMap(name -> name.substring(prefix.length()), name -> stored
                                .readAsStored(name, manager))));
                own.accept(stored);
                losses.clear();
                losses.addAll(LossRow.unpack(stored.readAsStored(LOSSES, manager).toDoubleArray()));
            }
        });
    }
}
