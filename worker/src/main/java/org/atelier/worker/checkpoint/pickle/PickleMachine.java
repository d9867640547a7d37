package org.atelier.worker.checkpoint.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.AllowList.Name;
import org.atelier.worker.checkpoint.pickle.Node.Entries;
import org.atelier.worker.checkpoint.pickle.Node.Items;
import org.atelier.worker.checkpoint.pickle.Node.Leaf;
import org.atelier.worker.checkpoint.value.Value;
import org.atelier.worker.checkpoint.value.Value.MappingKind;
import org.atelier.worker.checkpoint.value.Value.SequenceKind;
import org.jspecify.annotations.Nullable;

/** The stack machine of one pickle: reads instruction after instruction; what names mean is left to {@link Reductions}. */
final class PickleMachine {
    private static final int OLDEST_PROTOCOL = 2;
    private static final int NEWEST_PROTOCOL = 5;
    private static final int LONGEST_NAME = 1 << 10;
    private static final int LONGEST_NUMBER = 10;

    private static final Leaf NONE = new Leaf(new Value.None());
    private static final Leaf TRUE = new Leaf(new Value.Bool(true));
    private static final Leaf FALSE = new Leaf(new Value.Bool(false));

    private final ByteCursor in;
    private final AllowList allowed;
    private final PersistentIds storages;
    private final Reductions reductions;
    private final ReadBudget budget;

    private final OperandStack stack;
    private final Map<Long, Node> memo = new HashMap<>();

    private int protocol;
    private boolean persistentObjects;
    private long at;

    PickleMachine(ByteCursor in, AllowList allowed, PersistentIds storages, Reductions reductions, ReadBudget budget) {
        this.in = in;
        this.allowed = allowed;
        this.storages = storages;
        this.reductions = reductions;
        this.budget = budget;
        this.stack = new OperandStack(budget, this::malformed);
    }

    Pickled run() {
        for (;;) {
            at = in.position();
            budget.instruction();
            int code = in.unsignedByte();
            var opcode = Opcode.of(code);
            if (opcode == null || !opcode.allowed()) {
                throw new RefusedFileException(Reason.FORBIDDEN_OPCODE, in.name() + " has at byte " + at
                        + " the pickle instruction " + Opcode.describe(code) + ", which no published checkpoint uses."
                        + " It is damaged or no checkpoint; nothing of it was run. Fetch it again from its publisher.");
            }
            if (opcode == Opcode.STOP) {
                return new Pickled(stack.pop(), protocol, persistentObjects);
            }
            step(opcode);
        }
    }

    private void step(Opcode opcode) {
        switch (opcode) {
            case PROTO -> readProtocol();
            case FRAME -> checkFrame(in.signedLong(ByteOrder.LITTLE_ENDIAN));
            case MARK -> stack.mark();
            case POP -> stack.discard();
            case PUT -> memorise(number(in.line(LONGEST_NUMBER)), stack.top());
            case BINPUT -> memorise(in.unsignedByte(), stack.top());
            case LONG_BINPUT -> memorise(in.unsignedInt(), stack.top());
            case MEMOIZE -> memorise(memo.size(), stack.top());
            case GET -> stack.push(recall(number(in.line(LONGEST_NUMBER))));
            case BINGET -> stack.push(recall(in.unsignedByte()));
            case LONG_BINGET -> stack.push(recall(in.unsignedInt()));
            case APPEND, APPENDS, ADDITEMS, SETITEM, SETITEMS -> fill(opcode);
            case GLOBAL -> stack.push(global(in.line(LONGEST_NAME), in.line(LONGEST_NAME)));
            case STACK_GLOBAL -> {
                var name = text(stack.pop());
                stack.push(global(text(stack.pop()), name));
            }
            case REDUCE, NEWOBJ -> {
                var arguments = tuple(stack.pop());
                stack.push(call(stack.pop(), arguments));
            }
            case BUILD -> {
                var state = stack.pop();
                located(() -> reductions.build(stack.top(), state));
            }
            case BINPERSID -> stack.push(persistent(tuple(stack.pop())));
            default -> stack.push(value(opcode));
        }
    }

    private Node value(Opcode opcode) {
        return switch (opcode) {
            case NONE -> NONE;
            case NEWTRUE -> TRUE;
            case NEWFALSE -> FALSE;
            case BININT -> new Leaf(new Value.Int(in.signedInt()));
            case BININT1 -> new Leaf(new Value.Int(in.unsignedByte()));
            case BININT2 -> new Leaf(new Value.Int(in.unsignedShort()));
            case LONG1 -> integer(in.take(in.unsignedByte()));
            case BINFLOAT -> new Leaf(new Value.Real(Double.longBitsToDouble(in.signedLong(ByteOrder.BIG_ENDIAN))));
            case SHORT_BINSTRING -> latin1(in.take(in.unsignedByte()));
            case BINSTRING -> raw(in.take(in.signedInt()));
            case SHORT_BINBYTES -> raw(in.take(in.unsignedByte()));
            case BINBYTES -> raw(in.take(in.unsignedInt()));
            case BINBYTES8 -> raw(in.take(in.signedLong(ByteOrder.LITTLE_ENDIAN)));
            case SHORT_BINUNICODE -> utf8(in.take(in.unsignedByte()));
            case BINUNICODE -> utf8(in.take(in.unsignedInt()));
            case BINUNICODE8 -> utf8(in.take(in.signedLong(ByteOrder.LITTLE_ENDIAN)));
            case EMPTY_LIST -> new Items(SequenceKind.LIST);
            case EMPTY_TUPLE -> new Items(SequenceKind.TUPLE);
            case EMPTY_SET -> new Items(SequenceKind.SET);
            case EMPTY_DICT -> new Entries(MappingKind.DICT);
            case TUPLE -> new Items(SequenceKind.TUPLE, stack.popToMark());
            case TUPLE1 -> stack.popTuple(1);
            case TUPLE2 -> stack.popTuple(2);
            case TUPLE3 -> stack.popTuple(3);
            default -> throw new IllegalStateException("an allowed instruction without a meaning: " + opcode);
        };
    }

    private void readProtocol() {
        protocol = in.unsignedByte();
        if (protocol < OLDEST_PROTOCOL || protocol > NEWEST_PROTOCOL) {
            throw malformed("the protocol " + protocol + " does not exist");
        }
    }

    private void checkFrame(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new RefusedFileException(Reason.TRUNCATED, in.name() + " announces at byte " + at + " "
                    + Long.toUnsignedString(length) + " bytes and has " + in.remaining()
                    + " left. The download or copy is incomplete; fetch the file again.");
        }
    }

    private void memorise(long index, Node node) {
        memo.put(index, node);
        budget.memo(memo.size());
    }

    private Node recall(long index) {
        var node = memo.get(index);
        if (node == null) {
            throw malformed("the memo has nothing at " + index);
        }
        return node;
    }

    private void fill(Opcode opcode) {
        var added = switch (opcode) {
            case APPEND -> stack.popTuple(1).nodes;
            case SETITEM -> stack.popTuple(2).nodes;
            default -> stack.popToMark();
        };
        boolean toSet = opcode == Opcode.ADDITEMS;
        boolean toMapping = opcode == Opcode.SETITEM || opcode == Opcode.SETITEMS;
        switch (stack.top()) {
            case Items items when !toMapping && items.kind == (toSet ? SequenceKind.SET : SequenceKind.LIST) ->
                items.nodes.addAll(added);
            case Entries entries when toMapping -> located(() -> reductions.putAll(entries, added));
            default -> throw malformed(opcode + " has nothing that it can fill");
        }
    }

    private Node global(String module, String name) {
        budget.text(module.length() + name.length());
        var qualified = module + "." + name;
        var found = allowed.find(qualified)
                .orElseThrow(() -> ForbiddenName.refusal(qualified, place(), persistentObjects));
        persistentObjects |= found.global() == Global.PERSISTENT_OBJECT;
        return found;
    }

    private Node call(Node callee, List<Node> arguments) {
        if (callee instanceof Name name) {
            return located(() -> reductions.call(name, arguments, place()));
        }
        throw malformed("what is called is no function or class");
    }

    /** Sources: {@code torch/serialization.py}, {@code persistent_id} of the zip and of the legacy writer. */
    private Node persistent(List<Node> id) {
        boolean storage = id.size() >= 5 && id.size() <= 6 && text(id.get(0)).equals("storage");
        if (storage && id.get(1) instanceof Name name && id.get(4) instanceof Leaf(Value.Int(long elements))) {
            if (id.size() == 6 && !id.get(5).equals(NONE)) {
                throw new RefusedFileException(Reason.UNSUPPORTED, in.name() + " has a view of a storage at byte " + at
                        + " as PyTorch 0.1 to 0.3 wrote it. Load and save it again with a newer PyTorch.");
            }
            var type = name.storageType().orElseThrow(() -> malformed(name.name() + " is no typed class of storages"));
            return located(() -> storages.resolve(new PickledStorage(text(id.get(2)), type, elements)));
        }
        // A legacy file adds the source of a pickled module's class; of an allowed class it is not needed either.
        if (!id.isEmpty() && text(id.get(0)).equals("module") && id.size() == 4 && id.get(1) instanceof Name name) {
            return name;
        }
        throw malformed("this is no reference to a storage");
    }

    private Leaf integer(ByteRegion littleEndian) {
        budget.text(littleEndian.size());
        var bytes = littleEndian.copy(0, (int) littleEndian.size());
        for (int i = 0; i < bytes.length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = swapped;
        }
        var value = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        return new Leaf(value.bitLength() < Long.SIZE ? new Value.Int(value.longValue()) : new Value.BigInt(value));
    }

    private static Leaf raw(ByteRegion bytes) {
        return new Leaf(new Value.Bytes(bytes));
    }

    /** Python 2 did not tell text from bytes. Short strings were names and keys; {@code BINSTRING} had the data of arrays. */
    private Leaf latin1(ByteRegion bytes) {
        budget.text(bytes.size());
        return new Leaf(new Value.Text(
                new String(bytes.copy(0, (int) bytes.size()), StandardCharsets.ISO_8859_1)));
    }

    private Leaf utf8(ByteRegion bytes) {
        budget.text(bytes.size());
        try {
            var encoded = ByteBuffer.wrap(bytes.copy(0, (int) bytes.size()));
            return new Leaf(new Value.Text(StandardCharsets.UTF_8.newDecoder().decode(encoded).toString()));
        } catch (CharacterCodingException e) {
            throw malformed("a text is not UTF-8", e);
        }
    }

    private long number(String line) {
        try {
            return Long.parseUnsignedLong(line.strip());
        } catch (NumberFormatException e) {
            throw malformed("a number is expected", e);
        }
    }

    private String text(Node node) {
        if (node instanceof Leaf(Value.Text(var text))) {
            return text;
        }
        throw malformed("a text is expected");
    }

    private List<Node> tuple(Node node) {
        if (node instanceof Items items && items.kind == SequenceKind.TUPLE) {
            return items.nodes;
        }
        throw malformed("a tuple is expected");
    }

    private void located(Runnable reduction) {
        located(() -> {
            reduction.run();
            return NONE;
        });
    }

    /** Says where the pickle asked for what is then refused. */
    private Node located(Supplier<Node> reduction) {
        try {
            return reduction.get();
        } catch (RefusedFileException e) {
            throw e.in(place());
        }
    }

    private String place() {
        return in.name() + ", byte " + at;
    }

    private RefusedFileException malformed(String found) {
        return malformed(found, null);
    }

    private RefusedFileException malformed(String found, @Nullable Throwable cause) {
        return new RefusedFileException(Reason.MALFORMED, in.name() + " is no sound pickle: at byte " + at + " " + found
                + ". It is damaged or made up; fetch it again.", cause);
    }
}
