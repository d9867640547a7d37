package org.atelier.worker.checkpoint.pickle;

import java.util.stream.Collectors;

import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.pickle.Node.Leaf;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;

/**
 * Keys of dictionaries as texts: nearly all are, and the few numbers and tuples are told as Python prints them. Texts are also
 * what a Java map can hold in any number without becoming slow, however a file chooses them.
 */
final class Keys {
    private static final int LONGEST_TUPLE = 8;

    private Keys() {}

    static String of(Node node, ReadBudget budget) {
        if (node instanceof Items items && items.kind == SequenceKind.TUPLE && items.nodes.size() <= LONGEST_TUPLE) {
            // The only key that is made anew each time it is used.
            items.nodes.forEach(part -> budget.text(scalar(part).length()));
            return items.nodes.stream().map(Keys::scalar).collect(Collectors.joining(", ", "(", ")"));
        }
        return scalar(node);
    }

    private static String scalar(Node node) {
        return switch (node) {
            case Leaf(Value.Text(var text)) -> text;
            case Leaf(Value.Int(long value)) -> String.valueOf(value);
            case Leaf(Value.BigInt(var value)) -> value.toString();
            case Leaf(Value.Real(double value)) -> String.valueOf(value);
            case Leaf(Value.Bool(boolean value)) -> value ? "True" : "False";
            case Leaf(Value.None n) -> "None";
            case Leaf(Value.Symbol(var name)) -> name;
            case AllowList.Name name -> name.name();
            default -> throw new RefusedFileException(Reason.UNSUPPORTED,
                    "A dictionary has a key that is no text, number or short tuple of these. Save the weights by name.");
        };
    }
}
