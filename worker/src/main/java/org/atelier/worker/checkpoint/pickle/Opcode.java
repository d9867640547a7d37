package org.atelier.worker.checkpoint.pickle;

import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * The instructions of a pickle. Those that published checkpoints use are {@link #allowed}; the others are named here only so
 * that a refusal can name them. Source: Python's {@code pickletools}, protocols 0 to 5.
 */
enum Opcode {
    MARK('('), STOP('.'), POP('0'), PROTO(0x80), FRAME(0x95), NONE('N'), NEWTRUE(0x88), NEWFALSE(0x89), BININT(
            'J'), BININT1('K'), BININT2('M'), LONG1(0x8a), BINFLOAT('G'), BINSTRING('T'), SHORT_BINSTRING(
                    'U'), BINBYTES('B'), SHORT_BINBYTES('C'), BINBYTES8(0x8e), BINUNICODE('X'), SHORT_BINUNICODE(
                            0x8c), BINUNICODE8(0x8d), EMPTY_LIST(']'), EMPTY_TUPLE(')'), EMPTY_DICT('}'), EMPTY_SET(
                                    0x8f), TUPLE('t'), TUPLE1(0x85), TUPLE2(0x86), TUPLE3(0x87), APPEND('a'), APPENDS(
                                            'e'), SETITEM('s'), SETITEMS('u'), ADDITEMS(0x90), PUT('p'), BINPUT(
                                                    'q'), LONG_BINPUT('r'), MEMOIZE(0x94), GET('g'), BINGET(
                                                            'h'), LONG_BINGET('j'), GLOBAL('c'), STACK_GLOBAL(
                                                                    0x93), REDUCE('R'), NEWOBJ(0x81), BUILD(
                                                                            'b'), BINPERSID('Q'),

    POP_MARK('1', false), DUP('2', false), FLOAT('F', false), INT('I', false), LONG('L', false), LONG4(0x8b,
            false), STRING('S', false), UNICODE('V', false), DICT('d', false), LIST('l', false), FROZENSET(0x91,
                    false), INST('i', false), OBJ('o', false), NEWOBJ_EX(0x92, false), PERSID('P', false), EXT1(0x82,
                            false), EXT2(0x83, false), EXT4(0x84, false), BYTEARRAY8(0x96, false), NEXT_BUFFER(0x97,
                                    false), READONLY_BUFFER(0x98, false);

    private static final int CODES = 256;
    private static final @Nullable Opcode[] BY_CODE = new Opcode[CODES];

    private final int code;
    private final boolean allowed;

    static {
        for (var opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    Opcode(int code) {
        this(code, true);
    }

    Opcode(int code, boolean allowed) {
        this.code = code;
        this.allowed = allowed;
    }

    /** The instruction of a byte; null if there is none. */
    static @Nullable Opcode of(int code) {
        return BY_CODE[code];
    }

    /** A byte as an instruction, for messages. */
    static String describe(int code) {
        var opcode = of(code);
        return "0x" + HexFormat.of().toHexDigits((byte) code) + (opcode == null ? " (unknown)" : " (" + opcode + ")");
    }

    /** Whether published checkpoints use it. */
    boolean allowed() {
        return allowed;
    }
}
