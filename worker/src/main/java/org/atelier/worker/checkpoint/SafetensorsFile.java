package org.atelier.worker.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.safetensors.SafetensorsTable;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.nn.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, open for reading into the tensor engine. All that {@link SafetensorsTable} says about the format is
 * checked when it is opened; tensors are touched when they are read.
 */
public final class SafetensorsFile implements Weights, AutoCloseable {
    private final String name;
    private final Map<String, String> metadata;
    private @Nullable StoredWeights tensors;

    private SafetensorsFile(String name, ByteRegion file) {
        try {
            var table = SafetensorsTable.read(file, "the file", ReadLimits.DEFAULT);
            this.name = name;
            this.metadata = table.metadata();
            this.tensors = new StoredWeights(new TensorTable(table.tensors()));
        } catch (RefusedFileException e) {
            throw e.in(name);
        }
    }

    /**
     * Opens a file.
     *
     * @throws RefusedFileException if it is damaged or no safetensors file
     * @throws UncheckedIOException if it cannot be read
     */
    public static SafetensorsFile open(Path path) {
        try {
            return new SafetensorsFile(path.toString(), ByteRegion.map(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    /**
     * Opens a file that is in memory.
     *
     * @param name for messages
     * @throws RefusedFileException if it is damaged or no safetensors file
     */
    public static SafetensorsFile of(String name, byte[] bytes) {
        return new SafetensorsFile(name, ByteRegion.of(bytes));
    }

    /** The texts that go with the tensors. */
    public Map<String, String> metadata() {
        return metadata;
    }

    private StoredWeights tensors() {
        if (tensors == null) {
            throw new IllegalStateException(name + " is closed");
        }
        return tensors;
    }

    @Override
    public Set<String> names() {
        return tensors().names();
    }

    @Override
    public Shape shape(String tensor) {
        return tensors().shape(tensor);
    }

    @Override
    public NDArray read(String tensor, NDManager manager) {
        return tensors().read(tensor, manager);
    }

    /** See {@link StoredWeights#readAsStored}. */
    public NDArray readAsStored(String tensor, NDManager manager) {
        return tensors().readAsStored(tensor, manager);
    }

    /**
     * Reads all tensors whose names begin alike, each as it is stored.
     *
     * @return by the rest of their names
     */
    public Map<String, NDArray> readUnder(String prefix, NDManager manager) {
        return names().stream().filter(name -> name.startsWith(prefix)).collect(Collectors.toMap(name -> name.substring(
                prefix.length()), name -> readAsStored(name, manager)));
    }

    /** Gives up the mapping of the file, which ends when it is collected. Arrays that were read stay. */
    @Override
    public void close() {
        tensors = null;
    }
}
