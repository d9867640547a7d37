package org.atelier.worker.checkpoint.pickle;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.pickle.Node.Array;
import org.atelier.worker.checkpoint.pickle.Node.ElementType;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.pickle.Node.Leaf;
import org.atelier.worker.checkpoint.value.NumpyType;
import org.atelier.worker.checkpoint.value.NumpyType.Kind;
import org.atelier.worker.checkpoint.value.Storage;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;

/** Arrays, numbers and element types of NumPy. Source: {@code __reduce__} and {@code __setstate__} of each, NumPy 1 and 2. */
final class NumpyReductions {
    private static final String ARRAY_STATE = "the state of a numpy.ndarray";
    private static final String TYPE_STATE = "the state of a numpy.dtype";

    private final ReadBudget budget;

    NumpyReductions(ReadBudget budget) {
        this.budget = budget;
    }

    Array array(Arguments arguments) {
        if (!(arguments.exactly(3).get(0) instanceof AllowList.Name name) || name.global() != Global.NDARRAY) {
            throw arguments.wrong("it makes something else than a numpy.ndarray");
        }
        return new Array();
    }

    ElementType type(Arguments arguments) {
        return new ElementType(NumpyType.of(arguments.atMost(3).text(0)));
    }

    /** State: version, byte order, then what records and dates have. */
    void build(ElementType type, Node state) {
        var parts = new Arguments(TYPE_STATE, new Arguments(TYPE_STATE, List.of(state)).items(0));
        var letter = parts.atLeast(2).text(1);
        if (type.order != null || letter.length() != 1) {
            throw parts.wrong("its byte order is given twice, or not as one letter");
        }
        type.order = NumpyType.order(letter.charAt(0)).orElseThrow(() -> parts.wrong("its byte order is unknown"));
    }

    /** State: version, shape, element type, whether column-major, then the data, as bytes or as a list of objects. */
    void build(Array array, Node state) {
        var parts = new Arguments(ARRAY_STATE, new Arguments(ARRAY_STATE, List.of(state)).items(0));
        if (!(parts.exactly(5).get(2) instanceof ElementType type) || array.value != null || array.objects != null) {
            throw parts.wrong("it has no element type, or comes twice");
        }
        long[] shape = parts.longs(1);
        if (type.type.kind() != Kind.OBJECT) {
            array.value = type.type.array(order(type), shape, parts.truth(3), Storage.of(parts.bytes(4)), budget);
            return;
        }
        // Objects are listed in row-major order whatever the layout of the array was.
        if (Arrays.stream(shape).anyMatch(length -> length < 0)
                || StoredTensor.size(shape) != parts.items(4).size()) {
            throw parts.wrong("it lists " + parts.items(4).size() + " objects, which is not what its shape says");
        }
        budget.values(parts.items(4).size());
        array.shape = Arrays.stream(shape).boxed().toList();
        array.objects = new Items(SequenceKind.LIST, parts.items(4));
    }

    Leaf scalar(Arguments arguments) {
        if (!(arguments.exactly(2).get(0) instanceof ElementType type) || type.type.kind() == Kind.OBJECT) {
            throw arguments.wrong("it has no element type, or the type of objects");
        }
        var storage = Storage.of(arguments.bytes(1));
        return new Leaf(switch (type.type.array(order(type), new long[0], false, storage, budget)) {
            case Value.NumericArray(var tensor) -> number(tensor);
            case Value.ObjectArray(var shape, var items) -> items.getFirst();
            default -> throw arguments.wrong("it is neither number nor text");
        });
    }

    private static Value number(StoredTensor tensor) {
        if (tensor.type() == StoredType.BOOL) {
            return new Value.Bool(tensor.toLong() != 0);
        }
        if (!tensor.type().isInteger()) {
            return new Value.Real(tensor.toDouble());
        }
        long value = tensor.toLong();
        return tensor.type() == StoredType.UINT64 && value < 0
                ? new Value.BigInt(new BigInteger(Long.toUnsignedString(value)))
                : new Value.Int(value);
    }

    private static ByteOrder order(ElementType type) {
        return type.order == null ? ByteOrder.LITTLE_ENDIAN : type.order;
    }
}
