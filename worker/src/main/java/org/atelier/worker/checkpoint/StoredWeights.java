package org.atelier.worker.checkpoint;

import java.util.Map;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.HostArrays;

/** The tensors of a file, of whatever container, as arrays of the tensor engine. Each is read when it is asked for. */
public final class StoredWeights implements Weights {
    /** Types that the engine has too. The others, and bfloat16, whose cast ends the process there, become float32. */
    private static final Map<StoredType, DataType> ENGINE_TYPES = Map.of(
            StoredType.BOOL, DataType.BOOLEAN,
            StoredType.UINT8, DataType.UINT8,
            StoredType.INT8, DataType.INT8,
            StoredType.INT32, DataType.INT32,
            StoredType.INT64, DataType.INT64,
            StoredType.FLOAT16, DataType.FLOAT16,
            StoredType.FLOAT32, DataType.FLOAT32,
            StoredType.FLOAT64, DataType.FLOAT64);

    private final TensorTable table;

    /** @param table of a file, under the names that a network takes */
    public StoredWeights(TensorTable table) {
        this.table = table;
    }

    @Override
    public Set<String> names() {
        return table.names();
    }

    @Override
    public Shape shape(String name) {
        return new Shape(find(name).shape());
    }

    private StoredTensor find(String name) {
        return table.find(name).orElseThrow(() -> new IllegalArgumentException("there is no tensor " + name));
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        var tensor = find(name);
        return tensor.type() == StoredType.FLOAT32 ? readAsStored(name, manager) : asFloats(tensor, manager);
    }

    private static NDArray asFloats(StoredTensor tensor, NDManager manager) {
        return HostArrays.of(manager, tensor.toFloats(), new Shape(tensor.shape()));
    }

    /**
     * A tensor in the engine's own type for what is stored; as float32 where it has none.
     *
     * @param manager owns the array
     * @throws IllegalArgumentException if there is none of that name
     */
    public NDArray readAsStored(String name, NDManager manager) {
        var tensor = find(name);
        var type = ENGINE_TYPES.get(tensor.type());
        var bytes = tensor.denseBytes();
        if (type == null || bytes.isEmpty()) {
            return asFloats(tensor, manager);
        }
        return HostArrays.of(manager, bytes.get(), new Shape(tensor.shape()), type);
    }

    /** What arrays of a type are stored as. */
    static StoredType storedType(DataType type) {
        return ENGINE_TYPES.entrySet()
                .stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("arrays of " + type + " cannot be written"));
    }
}
