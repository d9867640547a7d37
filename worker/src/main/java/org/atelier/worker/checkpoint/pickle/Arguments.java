package org.atelier.worker.checkpoint.pickle;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.Node.Entries;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.pickle.Node.Leaf;
import org.atelier.worker.checkpoint.pickle.Node.View;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;

/** What a name is called with, taken apart by type; what does not fit is refused. */
final class Arguments {
    private final String callee;
    private final List<Node> nodes;

    Arguments(String callee, List<Node> nodes) {
        this.callee = callee;
        this.nodes = nodes;
    }

    Arguments exactly(int count) {
        return atLeast(count).atMost(count);
    }

    Arguments atLeast(int count) {
        if (nodes.size() < count) {
            throw wrong("it has " + nodes.size() + " arguments");
        }
        return this;
    }

    Arguments atMost(int count) {
        if (nodes.size() > count) {
            throw wrong("it has " + nodes.size() + " arguments");
        }
        return this;
    }

    int size() {
        return nodes.size();
    }

    List<Node> all() {
        return nodes;
    }

    Node get(int index) {
        return atLeast(index + 1).nodes.get(index);
    }

    String text(int index) {
        if (get(index) instanceof Leaf(Value.Text(var text))) {
            return text;
        }
        throw wrong(index, "text");
    }

    long integer(int index) {
        if (get(index) instanceof Leaf(Value.Int(long value))) {
            return value;
        }
        throw wrong(index, "whole number");
    }

    boolean truth(int index) {
        return switch (get(index)) {
            case Leaf(Value.Bool(boolean value)) -> value;
            case Leaf(Value.Int(long value)) -> value != 0;
            default -> throw wrong(index, "truth value");
        };
    }

    /** Bytes; or a short string of Python 2, which is the same. */
    ByteRegion bytes(int index) {
        return switch (get(index)) {
            case Leaf(Value.Bytes(var region)) -> region;
            case Leaf(Value.Text(var text)) -> ByteRegion.of(text.getBytes(StandardCharsets.ISO_8859_1));
            default -> throw wrong(index, "run of bytes");
        };
    }

    Entries entries(int index) {
        if (get(index) instanceof Entries entries) {
            return entries;
        }
        throw wrong(index, "dictionary");
    }

    View view(int index) {
        if (get(index) instanceof View view) {
            return view;
        }
        throw wrong(index, "tensor");
    }

    List<Node> items(int index) {
        return itemsOf(get(index));
    }

    List<Node> itemsOf(Node node) {
        if (node instanceof Items items && items.kind != SequenceKind.SET) {
            return items.nodes;
        }
        throw wrong("an argument is no list or tuple");
    }

    /** Sizes or strides. */
    long[] longs(int index) {
        var items = new Arguments(callee, items(index));
        if (items.size() > StoredTensor.MOST_AXES) {
            throw wrong("a tensor with " + items.size() + " axes");
        }
        var values = new long[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = items.integer(i);
        }
        return values;
    }

    private RefusedFileException wrong(int index, String expected) {
        return wrong("argument " + (index + 1) + " is no " + expected);
    }

    RefusedFileException wrong(String found) {
        return new RefusedFileException(Reason.MALFORMED, callee + " is used in a way that its writers do not: " + found
                + ". The file is damaged or made up; fetch it again.");
    }
}
