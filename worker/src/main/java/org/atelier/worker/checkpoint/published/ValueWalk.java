package org.atelier.worker.checkpoint.published;

import java.util.ArrayList;
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

/** Finds the tensors of a tree and names them as {@code state_dict()} would: the way to each, joined by dots. */
final class ValueWalk {
    /** What a module of PyTorch holds its tensors and children in. Source: {@code torch/nn/modules/module.py}. */
    private static final List<String> MODULE_PARTS = List.of("_parameters", "_buffers", "_modules");

    private final ReadLimits limits;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private long visits;

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
        walk.visit("", root);
        return new TensorTable(walk.tensors);
    }

    private void visit(String name, Value value) {
        visits++;
        if (visits > limits.values() || tensors.size() > limits.names()) {
            throw new RefusedFileException(Reason.OVER_LIMIT, "The file refers to the same containers so often that its"
                    + " tensors have too many names. No published checkpoint does; it is made to exhaust its reader.");
        }
        switch (value) {
            case Value.Tensor(var tensor) -> add(name, tensor);
            case Value.NumericArray(var tensor) -> add(name, tensor);
            case Value.Mapping mapping -> mapping.entries()
                    .forEach((key, entry) -> visit(join(name, text(key)), entry));
            case Value.Sequence(var kind, var items) when kind != SequenceKind.SET -> visitItems(name, items);
            case Value.ObjectArray array -> visitArray(name, array);
            case Value.Instance(var kind, var className, var source, Value.Mapping state) -> {
                if (kind == ObjectKind.SCRIPT) {
                    visit(name, state);
                } else {
                    MODULE_PARTS.forEach(part -> state.get(part).ifPresent(found -> visit(name, found)));
                }
            }
            default -> {
            }
        }
    }

    private void visitItems(String name, List<Value> items) {
        for (int i = 0; i < items.size(); i++) {
            visit(join(name, String.valueOf(i)), items.get(i));
        }
    }

    private void visitArray(String name, Value.ObjectArray array) {
        if (array.shape().isEmpty()) {
            array.items().forEach(item -> visit(name, item));
            return;
        }
        for (int i = 0; i < array.items().size(); i++) {
            visit(join(name, index(i, array.shape())), array.items().get(i));
        }
    }

    private static String index(int rowMajor, List<Long> shape) {
        var index = new ArrayList<String>();
        long rest = rowMajor;
        for (long length : shape.reversed()) {
            index.addFirst(String.valueOf(rest % length));
            rest /= length;
        }
        return String.join(".", index);
    }

    private void add(String name, StoredTensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new RefusedFileException(Reason.MALFORMED,
                    "Two tensors of the file are named " + Quoted.of(name)
                            + ". It is damaged or made up; fetch it again.");
        }
    }

    private static String join(String name, String part) {
        return name.isEmpty() ? part : name + "." + part;
    }

    private static String text(Value key) {
        return switch (key) {
            case Value.Text(var text) -> text;
            case Value.Int(long number) -> String.valueOf(number);
            case Value.Symbol(var symbol) -> symbol;
            case Value.Sequence(var kind, var items) -> String.join(",", items.stream().map(ValueWalk::text).toList());
            default -> key.toString();
        };
    }

    /** The classes of the NVlabs generators in a tree, by name. */
    static List<PersistentClass> persistentClasses(Value root) {
        var found = new TreeSet<>(Comparator.comparing(PersistentClass::name)
                .thenComparing(known -> known.source().hex()));
        collect(root, found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return List.copyOf(found);
    }

    private static void collect(Value value, Set<PersistentClass> found, Set<Value> seen) {
        if (!seen.add(value)) {
            return;
        }
        if (value instanceof Value.Instance instance && instance.source() != null) {
            found.add(new PersistentClass(instance.className(), instance.source()));
        }
        children(value).forEach(child -> collect(child, found, seen));
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
