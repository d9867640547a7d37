package org.atelier.worker.checkpoint.pickle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.Node.Container;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.Value;

/**
 * Turns what a pickle built into values that cannot change. Sharing is kept: what the pickle built once is one value. Goes
 * down without recursion, since it is here that too deep a nesting, or a container inside itself, is found.
 */
final class Freezer {
    private final ReadBudget budget;
    private final List<Step> path = new ArrayList<>();
    private final Map<Node.View, Value> tensors = new IdentityHashMap<>();

    /** A container on the way down, and those of its parts that are still to be finished. */
    private record Step(Container container, Iterator<Node> parts) {}

    Freezer(ReadBudget budget) {
        this.budget = budget;
    }

    Value freeze(Node root) {
        visit(root);
        while (!path.isEmpty()) {
            var step = path.getLast();
            if (step.parts.hasNext()) {
                visit(step.parts.next());
            } else {
                path.removeLast();
                finish(step.container);
            }
        }
        return value(root);
    }

    private void visit(Node node) {
        if (!(node instanceof Container container)) {
            return;
        }
        if (container.open) {
            throw new RefusedFileException(Reason.MALFORMED,
                    "A container of the file contains itself. No checkpoint needs that; it is damaged or made up.");
        }
        if (container.frozen == null) {
            container.open = true;
            path.add(new Step(container, parts(container).iterator()));
            budget.nesting(path.size());
        } else {
            budget.nesting(path.size() + container.height);
            raise(container.height);
        }
    }

    private void finish(Container container) {
        container.frozen = convert(container);
        container.height++;
        container.open = false;
        raise(container.height);
    }

    /** Tells the container above how high one of its parts is. */
    private void raise(int height) {
        if (!path.isEmpty()) {
            var above = path.getLast().container;
            above.height = Math.max(above.height, height);
        }
    }

    private static Collection<Node> parts(Container container) {
        return switch (container) {
            case Node.Items items -> items.nodes;
            case Node.Entries entries -> entries.nodes.values();
            case Node.Instance instance -> instance.state == null ? List.of() : List.of(instance.state);
            case Node.Array array -> array.objects == null ? List.of() : array.objects.nodes;
        };
    }

    private Value value(Node node) {
        return switch (node) {
            case Node.Leaf(var value) -> value;
            case AllowList.Name name -> new Value.Symbol(name.name());
            case Container container -> Objects.requireNonNull(container.frozen, "parts are finished before the whole");
            case Node.View view -> tensors.computeIfAbsent(view, this::tensor);
            case Node.ElementType type -> new Value.Symbol("numpy." + type.type.kind());
            case PickledStorage storage -> new Value.RawStorage(storage.type(), storage.region());
        };
    }

    private Value convert(Container container) {
        return switch (container) {
            case Node.Items items -> new Value.Sequence(items.kind, values(items));
            case Node.Entries entries -> {
                var values = LinkedHashMap.<String, Value>newLinkedHashMap(entries.nodes.size());
                entries.nodes.forEach((key, part) -> values.put(key, value(part)));
                yield new Value.Mapping(entries.kind, values);
            }
            case Node.Instance instance -> new Value.Instance(instance.kind, instance.className, instance.source,
                    instance.state == null ? new Value.None() : value(instance.state));
            case Node.Array array -> array(array);
        };
    }

    private List<Value> values(Node.Items items) {
        return items.nodes.stream().map(this::value).toList();
    }

    private Value array(Node.Array array) {
        if (array.value != null) {
            return array.value;
        }
        if (array.objects == null) {
            throw new RefusedFileException(Reason.MALFORMED,
                    "A NumPy array has no content. The file is damaged; fetch it again.");
        }
        return new Value.ObjectArray(array.shape, values(array.objects));
    }

    private Value tensor(Node.View view) {
        try {
            var storage = view.storage();
            return new Value.Tensor(StoredTensor.view(storage.type(), storage.order(), view.shape(), view.strides(),
                    view.offset(), storage.storage(), budget.limits()));
        } catch (RefusedFileException e) {
            throw e.in(view.at());
        }
    }
}
