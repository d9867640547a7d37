package org.atelier.worker.checkpoint.pickle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.AllowList.Name;
import org.atelier.worker.checkpoint.pickle.Node.Entries;
import org.atelier.worker.checkpoint.pickle.Node.Instance;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.pickle.Node.Leaf;
import org.atelier.worker.checkpoint.pickle.Node.View;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.MappingKind;
import org.atelier.worker.checkpoint.value.Value.ObjectKind;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;

/**
 * What the names of {@link Global} make of their arguments: data, in every case. The arguments and their order are those of
 * the functions named there.
 */
final class Reductions {
    private final NestedFiles nestedFiles;
    private final ReadBudget budget;
    private final NumpyReductions numpy;

    /** Many objects share the source text of one class: it is hashed once. */
    private final Map<Value.Text, Digest> sources = new IdentityHashMap<>();

    Reductions(NestedFiles nestedFiles, ReadBudget budget) {
        this.nestedFiles = nestedFiles;
        this.budget = budget;
        this.numpy = new NumpyReductions(budget);
    }

    /** @param at where the pickle calls, for later messages */
    Node call(Name callee, List<Node> given, String at) {
        var arguments = new Arguments(callee.name(), given);
        return switch (callee.global()) {
            case ORDERED_DICT -> orderedDict(arguments);
            case SET -> arguments.atMost(1).size() == 0
                    ? new Items(SequenceKind.SET)
                    : copy(SequenceKind.SET, arguments.items(0));
            case EASY_DICT -> empty(arguments, new Entries(MappingKind.EASY_DICT));
            case NAMESPACE -> empty(arguments, new Entries(MappingKind.NAMESPACE));
            case PATH -> path(arguments);
            case ENCODE -> encode(arguments);
            case REBUILD_TENSOR, REBUILD_TENSOR_V2 -> tensor(arguments, at);
            case REBUILD_PARAMETER, REBUILD_PARAMETER_WITH_STATE, PARAMETER -> arguments.view(0);
            case LOAD_FROM_BYTES -> nested(arguments, at);
            case SIZE -> copy(SequenceKind.TUPLE, arguments.exactly(1).items(0));
            case DEVICE -> new Leaf(new Value.Symbol(arguments.atMost(2).text(0)));
            case PERSISTENT_OBJECT -> persistentObject(arguments.exactly(1).entries(0), arguments);
            case ARRAY -> numpy.array(arguments);
            case SCALAR -> numpy.scalar(arguments);
            case DTYPE -> numpy.type(arguments);
            case SCRIPT_TYPE_TAG -> arguments.exactly(2).get(0);
            case SCRIPT_LIST -> arguments.exactly(1).get(0);
            case SCRIPT_CLASS -> empty(arguments, new Instance(ObjectKind.SCRIPT, callee.name(), null, null));
            case RECORDED_CLASS -> empty(arguments, new Instance(ObjectKind.MODULE, callee.name(), null, null));
            case NDARRAY, STORAGE, CONSTANT -> throw arguments.wrong("it is a name only");
        };
    }

    /** Gives an object its state. */
    void build(Node object, Node state) {
        switch (object) {
            case Entries entries when entries.kind == MappingKind.NAMESPACE && state instanceof Entries attributes -> {
                budget.values(attributes.nodes.size());
                attributes.nodes.forEach((key, value) -> put(entries, key, value));
            }
            // Attributes of a dictionary object, such as the _metadata of a state dict, say nothing about weights.
            case Entries entries when entries.kind != MappingKind.NAMESPACE && state instanceof Entries -> {
            }
            case Instance instance when instance.state == null -> instance.state = state;
            case Node.Array array -> numpy.build(array, state);
            case Node.ElementType type -> numpy.build(type, state);
            default -> throw new RefusedFileException(Reason.MALFORMED,
                    "A state is given to a value that has none. The file is damaged or made up; fetch it again.");
        }
    }

    /** Adds keys and values, which alternate. */
    void putAll(Entries entries, List<Node> keysAndValues) {
        if (keysAndValues.size() % 2 != 0) {
            throw new RefusedFileException(Reason.MALFORMED,
                    "A key has no value. The file is damaged or made up; fetch it again.");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            put(entries, Keys.of(keysAndValues.get(i), budget), keysAndValues.get(i + 1));
        }
    }

    private static void put(Entries entries, String key, Node value) {
        if (entries.nodes.putIfAbsent(key, value) != null) {
            throw new RefusedFileException(Reason.MALFORMED, "A dictionary has the key " + Quoted.of(key)
                    + " twice, so that its meaning depends on the reader. The file is damaged or made up; fetch it again.");
        }
    }

    /** One more container of the same values: a few bytes of pickle can ask for it again and again. */
    private Items copy(SequenceKind kind, List<Node> nodes) {
        budget.values(nodes.size());
        return new Items(kind, new ArrayList<>(nodes));
    }

    private static Node empty(Arguments arguments, Node object) {
        arguments.exactly(0);
        return object;
    }

    /** From nothing, or from a list of pairs as Python 2 wrote it. */
    private Entries orderedDict(Arguments arguments) {
        var entries = new Entries(MappingKind.ORDERED_DICT);
        if (arguments.atMost(1).size() == 1) {
            budget.values(arguments.items(0).size());
            for (var pair : arguments.items(0)) {
                putAll(entries, new Arguments("a pair of collections.OrderedDict", arguments.itemsOf(pair)).exactly(2)
                        .all());
            }
        }
        return entries;
    }

    private Leaf path(Arguments arguments) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i++) {
            budget.text(arguments.text(i).length());
            parts.add(arguments.text(i));
        }
        // The first part of an absolute path ends with a separator already.
        var text = parts.stream().collect(Collectors.joining("/"));
        return new Leaf(new Value.Text(text.startsWith("//") ? text.substring(1) : text));
    }

    private Leaf encode(Arguments arguments) {
        var text = arguments.exactly(2).text(0);
        if (!arguments.text(1).equals("latin1")) {
            throw arguments.wrong("only latin1 is known");
        }
        budget.text(text.length());
        return new Leaf(new Value.Bytes(ByteRegion.of(text.getBytes(StandardCharsets.ISO_8859_1))));
    }

    private static View tensor(Arguments arguments, String at) {
        if (!(arguments.atLeast(4).get(0) instanceof PickledStorage storage)) {
            throw arguments.wrong("its first argument is no storage");
        }
        return new View(storage, arguments.longs(2), arguments.longs(3), arguments.integer(1), at);
    }

    private Node nested(Arguments arguments, String at) {
        var bytes = arguments.exactly(1).bytes(0);
        budget.enterNestedFile();
        var root = nestedFiles.read(bytes, "the file within " + at, budget).root();
        budget.leaveNestedFile();
        return root;
    }

    /** Source: {@code torch_utils/persistence.py} of stylegan2-ada-pytorch and stylegan3, {@code __reduce__}. */
    private Instance persistentObject(Entries meta, Arguments arguments) {
        if (!(meta.nodes.get("type") instanceof Leaf(Value.Text(var type))) || !type.equals("class")
                || !(meta.nodes.get("class_name") instanceof Leaf(Value.Text(var className)))
                || !(meta.nodes.get("module_src") instanceof Leaf(Value.Text source))
                || !(meta.nodes.get("state") instanceof Node state)) {
            throw arguments.wrong("it needs type \"class\", class_name, module_src and state");
        }
        var digest = sources.computeIfAbsent(source,
                text -> Digest.of(text.value().getBytes(StandardCharsets.UTF_8)));
        return new Instance(ObjectKind.PERSISTENT, className, digest, state);
    }
}
