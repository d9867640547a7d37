package org.atelier.worker.checkpoint.pickle;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.value.NumpyType;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.MappingKind;
import org.atelier.worker.checkpoint.value.Value.ObjectKind;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the stack and in the memo while a pickle is read. A pickle fills containers after it has referred to them, so
 * these can change; {@link Freezer} turns them into {@link Value} when all is read.
 */
sealed interface Node permits AllowList.Name, PickledStorage, Node.Leaf, Node.Container, Node.View, Node.ElementType {
    /** A value that is complete. */
    record Leaf(Value value) implements Node {}

    /** What holds other nodes. The fields are the notes of {@link Freezer}. */
    abstract sealed class Container implements Node {
        /** The finished value, once there is one. */
        @Nullable
        Value frozen;

        /** Levels of containers in the finished value. */
        int height;

        /** Whether its parts are being finished. */
        boolean open;
    }

    /** A list, tuple or set. */
    final class Items extends Container {
        final SequenceKind kind;
        final List<Node> nodes;

        Items(SequenceKind kind, List<Node> nodes) {
            this.kind = kind;
            this.nodes = nodes;
        }

        Items(SequenceKind kind) {
            this(kind, new ArrayList<>(0));
        }
    }

    /** A dictionary or namespace. */
    final class Entries extends Container {
        final MappingKind kind;
        final Map<String, Node> nodes = LinkedHashMap.newLinkedHashMap(0);

        Entries(MappingKind kind) {
            this.kind = kind;
        }
    }

    /** An object; BUILD gives it its state. */
    final class Instance extends Container {
        final ObjectKind kind;
        final String className;
        final @Nullable Digest source;

        @Nullable
        Node state;

        Instance(ObjectKind kind, String className, @Nullable Digest source, @Nullable Node state) {
            this.kind = kind;
            this.className = className;
            this.source = source;
            this.state = state;
        }
    }

    /** A NumPy array, which BUILD fills: with a value that is complete, or with objects. */
    final class Array extends Container {
        @Nullable
        Value value;

        @Nullable
        Items objects;

        List<Long> shape = List.of();
    }

    /**
     * A tensor, whose storage may not have been found yet.
     *
     * @param at where the pickle makes it, for messages
     */
    record View(PickledStorage storage, long[] shape, long[] strides, long offset, String at) implements Node {}

    /** A NumPy element type; BUILD sets its byte order. */
    final class ElementType implements Node {
        final NumpyType type;

        @Nullable
        ByteOrder order;

        ElementType(NumpyType type) {
            this.type = type;
        }
    }
}
