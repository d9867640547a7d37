package org.atelier.worker.checkpoint.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;

/** The operands of a pickle, in parts that marks begin: no instruction but one reaches below the last mark. */
final class OperandStack {
    private final ReadBudget budget;
    private final Function<String, RefusedFileException> malformed;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    /** @param malformed makes the refusal of a pickle that takes what is not there */
    OperandStack(ReadBudget budget, Function<String, RefusedFileException> malformed) {
        this.budget = budget;
        this.malformed = malformed;
    }

    void push(Node node) {
        budget.value();
        nodes.add(node);
    }

    Node pop() {
        var node = top();
        nodes.removeLast();
        return node;
    }

    Node top() {
        if (nodes.size() <= (marks.isEmpty() ? 0 : marks.getLast())) {
            throw malformed.apply("there is no value to use");
        }
        return nodes.getLast();
    }

    void mark() {
        budget.value();
        marks.add(nodes.size());
    }

    /** Takes the last value away; or the last mark, if nothing came after it. */
    void discard() {
        if (!marks.isEmpty() && marks.getLast() == nodes.size()) {
            marks.removeLast();
        } else {
            pop();
        }
    }

    /** Takes the last mark away and all that came after it. */
    List<Node> popToMark() {
        if (marks.isEmpty()) {
            throw malformed.apply("there is no mark to go back to");
        }
        var since = nodes.subList(marks.removeLast(), nodes.size());
        var popped = new ArrayList<>(since);
        since.clear();
        return popped;
    }

    /** Takes the last values away and makes a tuple of them. */
    Items popTuple(int size) {
        var popped = new ArrayList<Node>(size);
        for (int i = 0; i < size; i++) {
            popped.addFirst(pop());
        }
        return new Items(SequenceKind.TUPLE, popped);
    }
}
