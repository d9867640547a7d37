package org.atelier.worker.checkpoint.pickle;

import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.pickle.Node.Leaf;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;

/** Keys of dictionaries: scalars, and tuples of scalars, so that comparing them costs little whatever a file does. */
final class Keys {
    private Keys() {}

    static Value of(Node node) {
        if (node instanceof Items items && items.kind == SequenceKind.TUPLE) {
            return new Value.Sequence(SequenceKind.TUPLE, items.nodes.stream().map(Keys::scalar).toList());
        }
        return scalar(node);
    }

    private static Value scalar(Node node) {
        return switch (node) {
            case AllowList.Name name -> new Value.Symbol(name.name());
            case Leaf(var value) when isScalar(value) -> value;
            default -> throw new RefusedFileException(Reason.UNSUPPORTED,
                    "A dictionary has a key that is no text, number or tuple of these. Save the weights by name instead.");
        };
    }

    private static boolean isScalar(Value value) {
        return switch (value) {
            case Value.None n -> true;
            case Value.Bool b -> true;
            case Value.Int i -> true;
            case Value.BigInt i -> true;
            case Value.Real r -> true;
            case Value.Text t -> true;
            case Value.Symbol s -> true;
            default -> false;
        };
    }
}
