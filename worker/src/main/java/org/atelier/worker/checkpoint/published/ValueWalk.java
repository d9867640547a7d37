package org.atelier.worker.checkpoint.published;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.published.PublishedFile.PersistentClass;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.ObjectKind;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;
import org.jspecify.annotations.Nullable;

/** Finds the tensors of a tree and names them as {@code state_dict()} would: the way to each, joined by dots. */
final class ValueWalk {
    /** What a module of PyTorch holds its tensors and children in. Source: {@code torch/nn/modules/module.py}. */
    private static final List<String> MODULE_PARTS = List.of("_parameters", "_buffers", "_modules");

    private final ReadLimits limits;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private long visits;

    private long characters;

    /** The way to a value; a name is made of it only if there is a tensor at its end. */
    private record Way(@Nullable Way before, String step) {}

    private ValueWalk(ReadLimits limits) {
        this.limits = limits;
    }

    /**
     * All tensors of a tree.
     *
     * @throws RefusedFileException if two have one name, or if shared containers give the tree too many paths
     */
    static TensorTable tensors(Value root, ReadLimits limits) {
        var walk = new ValueWalk(limits);
        walk.visit(null, root);
        return new TensorTable(walk.tensors);
    }

    private void visit(@Nullable Way way, Value value) {
        visits++;
        checkWithin(visits <= limits.values());
        switch (value) {
            case Value.Tensor(var tensor) -> add(way, tensor);
            case Value.NumericArray(var tensor) -> add(way, tensor);
            case Value.Mapping mapping -> mapping.entries().forEach((key, entry) -> visit(new Way(way, key), entry));
            case Value.Sequence(var kind, var items) when kind != SequenceKind.SET -> visitItems(way, items);
            case Value.ObjectArray array -> visitArray(way, array);
            case Value.Instance(var kind, var className, var source, Value.Mapping state) -> {
                if (kind == ObjectKind.SCRIPT) {
                    visit(way, state);
                } else {
                    MODULE_PARTS.forEach(part -> state.get(part).ifPresent(found -> visit(way, found)));
                }
            }
            default -> {
            }
        }
    }

    private void visitItems(@Nullable Way way, List<Value> items) {
        for (int i = 0; i < items.size(); i++) {
            visit(new Way(way, String.valueOf(i)), items.get(i));
        }
    }

    private void visitArray(@Nullable Way way, Value.ObjectArray array) {
        for (int i = 0; i < array.items().size(); i++) {
            visit(array.shape().isEmpty() ? way : new Way(way, index(i, array)), array.items().get(i));
        }
    }

    /** The place of an element, as its index along each axis, joined by dots. */
    private static String index(int rowMajor, Value.ObjectArray array) {
        var index = new StringBuilder();
        long stride = array.items().size();
        for (long length : array.shape()) {
            stride /= length;
            index.append(index.isEmpty() ? "" : ".").append(rowMajor / stride % length);
        }
        return index.toString();
    }

    private void add(@Nullable Way way, StoredTensor tensor) {
        var name = name(way);
        checkWithin(tensors.size() < limits.names());
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new RefusedFileException(Reason.MALFORMED, "Two tensors of the file are named " + Quoted.of(name)
                    + ". It is damaged or made up; fetch it again.");
        }
    }

    private String name(@Nullable Way end) {
        var steps = new ArrayDeque<String>();
        for (var way = end; way != null; way = way.before) {
            characters += way.step.length();
            checkWithin(characters <= limits.textBytes());
            steps.addFirst(way.step);
        }
        return String.join(".", steps);
    }

    private static void checkWithin(boolean within) {
        if (!within) {
            throw new RefusedFileException(Reason.OVER_LIMIT, "The file refers to the same containers so often that its"
                    + " tensors have too many or too long names. No published checkpoint does; it is made to exhaust its"
                    + " reader.");
        }
    }

    /** The classes of the NVlabs generators in a tree, by name. */
    static List<PersistentClass> persistentClasses(Value root) {
        var found = new TreeSet<>(Comparator.comparing(PersistentClass::name)
                .thenComparing(known -> known.source().hex()));
        collect(root, found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return List.copyOf(found);
    }

    private static void collect(Value value, Set<PersistentClass> found, Set<Value> seen) {
        var children = children(value);
        if (children.isEmpty() || !seen.add(value)) {
            return;
        }
        if (value instanceof Value.Instance instance && instance.source() != null) {
            found.add(new PersistentClass(instance.className(), instance.source()));
        }
        children.forEach(child -> collect(child, found, seen));
    }

    private static Collection<Value> children(Value value) {
        return switch (value) {
            case Value.Mapping mapping -> mapping.entries().values();
            case Value.Sequence sequence -> sequence.items();
            case Value.ObjectArray array -> array.items();
            case Value.Instance instance -> List.of(instance.state());
            default -> List.of();
        };
    }
}
