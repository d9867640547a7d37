package org.atelier.worker.checkpoint.published;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Ways to damage a file, of which most keep enough of it intact for the damage to be met deep inside. */
enum Mutation {
    /** One bit of one byte. */
    BIT_FLIP {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            int at = place(file, random);
            file[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            return file;
        }
    },
    /** The end is missing. */
    TRUNCATION {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            return Arrays.copyOf(file, random.nextInt(file.length));
        }
    },
    /** A part is replaced by a part of another file. */
    SPLICE {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            int from = random.nextInt(other.length);
            int at = place(file, random);
            int length = Math.min(random.nextInt(1, 200), Math.min(other.length - from, file.length - at));
            System.arraycopy(other, from, file, at, length);
            return file;
        }
    },
    /** A part comes twice, or not at all, so that all behind it has moved. */
    SHIFT {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            int at = place(file, random);
            int length = Math.min(random.nextInt(1, 50), file.length - at);
            boolean twice = random.nextBoolean();
            var moved = Arrays.copyOf(file, file.length + (twice ? length : -length));
            int behind = at + length;
            System.arraycopy(file, twice ? at : behind, moved, twice ? behind : at,
                    file.length - (twice ? at : behind));
            return moved;
        }
    },
    /** A number that may be a length, an offset or a count becomes an extreme one. */
    LENGTH {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            long[] extremes = {0, 1, -1, 127, 255, 65535, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, 1L << 60,
                    Long.MAX_VALUE, Long.MIN_VALUE, file.length, file.length - 1L};
            int at = place(file, random);
            var value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(extremes[random.nextInt(extremes.length)]).array();
            int width = Math.min(1 << random.nextInt(4), file.length - at);
            System.arraycopy(value, 0, file, at, width);
            return file;
        }
    },
    /** A byte becomes an instruction of a pickle. */
    OPCODE {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            file[place(file, random)] = (byte) OPCODES.charAt(random.nextInt(OPCODES.length()));
            return file;
        }
    },
    /** Two parts of the same length change places. */
    SWAP {
        @Override
        byte[] apply(byte[] file, byte[] other, RandomGenerator random) {
            int a = place(file, random);
            int b = place(file, random);
            int length = Math.min(random.nextInt(1, 20), file.length - Math.max(a, b));
            var part = Arrays.copyOfRange(file, a, a + length);
            System.arraycopy(file, b, file, a, length);
            System.arraycopy(part, 0, file, b, length);
            return file;
        }
    };

    private static final String OPCODES = "(.0NJKMGTUBCX])}taesupqrghjcRbQ1lIdoi"
            + "\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008c\u008d\u008e\u008f\u0090\u0093\u0094\u0095\u00fe";

    /**
     * Damages a file.
     *
     * @param file  its bytes, which may be changed
     * @param other another file
     * @return the damaged file: the same array or a new one
     */
    abstract byte[] apply(byte[] file, byte[] other, RandomGenerator random);

    /** Most of a file is numbers, where damage changes nothing but numbers: half of the places are near both ends. */
    private static int place(byte[] file, RandomGenerator random) {
        int edge = Math.min(file.length, 4_000);
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(edge);
            case 1 -> file.length - 1 - random.nextInt(edge);
            default -> random.nextInt(file.length);
        };
    }
}
