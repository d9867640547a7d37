package org.atelier.worker.checkpoint.value;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle or an array file says, as a tree of plain data. A closed set: a reader of the tree can switch over it
 * without a default. Nothing in it is a class, a function or code; names of classes are texts.
 *
 * <p>The same value may stand in several places, but never inside itself, and the tree is never deeper than
 * {@link org.atelier.worker.checkpoint.io.ReadLimits#nesting}: walking it recursively is safe. Walking it along every path is
 * bounded only by the walker: shared values can be reached in very many ways.
 */
public sealed interface Value {
    /** {@code None}. */
    record None() implements Value {}

    /** {@code True} or {@code False}. */
    record Bool(boolean value) implements Value {}

    /** A whole number that fits 64 bits. */
    record Int(long value) implements Value {}

    /** A larger whole number. */
    record BigInt(BigInteger value) implements Value {}

    /** A floating-point number. */
    record Real(double value) implements Value {}

    /** A text; paths and NumPy's texts are texts too. */
    record Text(String value) implements Value {}

    /** Raw bytes, left where they lie. */
    record Bytes(ByteRegion region) implements Value {
        @Override
        public String toString() {
            return region.size() + " bytes";
        }
    }

    /** A known name that stands for itself: {@code torch.float32}, {@code cuda:0}. */
    record Symbol(String name) implements Value {}

    /** What kind of sequence it was; only the order of a set means nothing. */
    enum SequenceKind {
        /** {@code list}. */
        LIST,
        /** {@code tuple}, and {@code torch.Size}. */
        TUPLE,
        /** {@code set}. */
        SET
    }

    /** Values in order. */
    record Sequence(SequenceKind kind, List<Value> items) implements Value {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return kind + " of " + items.size();
        }
    }

    /** What kind of mapping it was; they read alike. */
    enum MappingKind {
        /** {@code dict}. */
        DICT,
        /** {@code collections.OrderedDict}. */
        ORDERED_DICT,
        /** {@code dnnlib.util.EasyDict} of the NVlabs generators. */
        EASY_DICT,
        /** {@code argparse.Namespace}: the options of a training run. */
        NAMESPACE
    }

    /**
     * Values by key, in the order of the file.
     *
     * @param entries keys that are no texts are told as Python prints them: {@code 0}, {@code None}, {@code (a, 1)}
     */
    record Mapping(MappingKind kind, Map<String, Value> entries) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** The value under a key. */
        public Optional<Value> get(String key) {
            return Optional.ofNullable(entries.get(key));
        }

        @Override
        public String toString() {
            return kind + " of " + entries.size();
        }
    }

    /** A tensor of PyTorch, or a parameter: whether it trains is not recorded. */
    record Tensor(StoredTensor tensor) implements Value {}

    /** A NumPy array of numbers. */
    record NumericArray(StoredTensor tensor) implements Value {}

    /**
     * A NumPy array of anything else.
     *
     * @param shape its sizes; empty if it wraps a single value, as {@code np.save} does with a dictionary
     * @param items in row-major order
     */
    record ObjectArray(List<Long> shape, List<Value> items) implements Value {
        public ObjectArray {
            shape = List.copyOf(shape);
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return "object array " + shape;
        }
    }

    /** A storage that no tensor was made of. */
    record RawStorage(StoredType type, ByteRegion region) implements Value {
        @Override
        public String toString() {
            return "storage of " + type.label() + ", " + region.size() + " bytes";
        }
    }

    /** How an object was written. */
    enum ObjectKind {
        /** By {@code torch_utils.persistence} of the NVlabs generators, with the source of its class. */
        PERSISTENT,
        /** As a module of a TorchScript archive: its attributes are parameters, buffers and further modules. */
        SCRIPT,
        /** As a whole Python module, of a class that the caller allowed by name. */
        MODULE
    }

    /**
     * An object of some Python class: what the class was called and what the object held.
     *
     * @param kind      how it was written
     * @param className name of its class; with its module, except for persistent objects
     * @param source    SHA-256 of the source text that came with a persistent object, in UTF-8; the text itself is dropped
     * @param state     its attributes; {@link None} if it had none
     */
    record Instance(ObjectKind kind, String className, @Nullable Digest source, Value state) implements Value {
        /** An attribute by its name. */
        public Optional<Value> attribute(String name) {
            return state instanceof Mapping attributes ? attributes.get(name) : Optional.empty();
        }

        @Override
        public String toString() {
            return "object of " + className;
        }
    }
}
