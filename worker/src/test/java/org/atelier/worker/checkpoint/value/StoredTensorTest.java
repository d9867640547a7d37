package org.atelier.worker.checkpoint.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredTensorTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    private static Storage floats(int count) {
        var bytes = ByteBuffer.allocate(count * Float.BYTES).order(LITTLE);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(i);
        }
        return Storage.of(ByteRegion.of(bytes.array()));
    }

    private static StoredTensor view(long[] shape, long[] strides, long offset, int count) {
        return StoredTensor.view(StoredType.FLOAT32, LITTLE, shape, strides, offset, floats(count), ReadLimits.DEFAULT);
    }

    private static float[] of(StoredType type, ByteOrder order, int... bytes) {
        var content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[order == LITTLE ? i : bytes.length - 1 - i] = (byte) bytes[i];
        }
        long count = bytes.length / type.bytes();
        var values = StoredTensor.dense(type, order, new long[]{count}, false, Storage.of(ByteRegion.of(content)),
                ReadLimits.DEFAULT).toFloats();
        // Reversing all bytes reverses the elements as well.
        for (int i = 0; order != LITTLE && i < values.length / 2; i++) {
            float swapped = values[i];
            values[i] = values[values.length - 1 - i];
            values[values.length - 1 - i] = swapped;
        }
        return values;
    }

    @Test
    void readsEveryTypeInBothByteOrders() {
        for (var order : List.of(LITTLE, ByteOrder.BIG_ENDIAN)) {
            assertThat(of(StoredType.BOOL, order, 0, 1, 7)).containsExactly(0, 1, 1);
            assertThat(of(StoredType.UINT8, order, 0, 255)).containsExactly(0, 255);
            assertThat(of(StoredType.INT8, order, 127, 255)).containsExactly(127, -1);
            assertThat(of(StoredType.UINT16, order, 0xfe, 0xff)).containsExactly(65534);
            assertThat(of(StoredType.INT16, order, 0xfe, 0xff, 1, 2)).containsExactly(-2, 513);
            assertThat(of(StoredType.UINT32, order, 0, 0, 0, 0x80)).containsExactly(0x1p31f);
            assertThat(of(StoredType.INT32, order, 0, 0, 0, 0x80)).containsExactly(-0x1p31f);
            assertThat(of(StoredType.INT64, order, 0, 0, 0, 0, 0, 0, 0, 0x80)).containsExactly(-0x1p63f);
            assertThat(of(StoredType.UINT64, order, 0, 0, 0, 0, 0, 0, 0, 0x80)).containsExactly(0x1p63f);
            assertThat(of(StoredType.FLOAT16, order, 0, 0x3c, 1, 0, 0, 0xfc)).containsExactly(1, 0x1p-24f,
                    Float.NEGATIVE_INFINITY);
            assertThat(of(StoredType.BFLOAT16, order, 0x80, 0x3f, 0x49, 0x40)).containsExactly(1, 3.140625f);
            assertThat(of(StoredType.FLOAT32, order, 0, 0, 0x80, 0x3f)).containsExactly(1);
            assertThat(of(StoredType.FLOAT64, order, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f)).containsExactly(1.5f);
        }
    }

    @Test
    void largeUnsignedNumbersAreRoundedOnce() {
        // 2^63 + 2^39 + 1: just above the middle between two floats, where rounding to double first would go down.
        assertThat(of(StoredType.UINT64, LITTLE, 1, 0, 0, 0, 0x80, 0, 0, 0x80)).containsExactly(0x1.000002p63f);
        assertThat(of(StoredType.UINT64, LITTLE, 0, 0, 0, 0, 0x80, 0, 0, 0x80)).containsExactly(0x1p63f);
    }

    @Test
    void readsViewsOfAnyStride() {
        assertThat(view(new long[]{2, 3}, new long[]{3, 1}, 0, 6).toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(view(new long[]{3, 2}, new long[]{1, 3}, 0, 6).toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(view(new long[]{2, 2}, new long[]{0, 1}, 4, 6).toFloats()).containsExactly(4, 5, 4, 5);
        assertThat(view(new long[]{2, 2}, new long[]{0, 0}, 5, 6).toFloats()).containsExactly(5, 5, 5, 5);
        assertThat(view(new long[]{2, 2}, new long[]{1, 1}, 0, 6).toFloats()).containsExactly(0, 1, 1, 2);
        assertThat(view(new long[]{}, new long[]{}, 3, 6).toFloats()).containsExactly(3);
        assertThat(view(new long[]{1, 1}, new long[]{100, 100}, 3, 6).toFloats()).containsExactly(3);
        assertThat(view(new long[]{2, 0, 3}, new long[]{9, 9, 9}, 0, 6).toFloats()).isEmpty();
        // ganspace's ffhq_pca.pt has a component tensor of shape (80, 1, 512) and strides (1, 80, 80).
        assertThat(view(new long[]{2, 1, 3}, new long[]{1, 2, 2}, 0, 6).toFloats()).containsExactly(0, 2, 4, 1, 3, 5);
    }

    /** Against the definition: the element at an index lies at the offset plus the sum of index times stride. */
    @Test
    void readsRandomViews() {
        var random = new Random(7);
        for (int round = 0; round < 500; round++) {
            int axes = random.nextInt(5);
            var shape = new long[axes];
            var strides = new long[axes];
            long last = 0;
            for (int axis = 0; axis < axes; axis++) {
                shape[axis] = 1 + random.nextInt(4);
                strides[axis] = random.nextInt(6);
                last += (shape[axis] - 1) * strides[axis];
            }
            int offset = random.nextInt(5);
            var expected = new ArrayList<Float>();
            gather(shape, strides, 0, offset, expected);

            var actual = view(shape, strides, offset, (int) last + offset + 1).toFloats();

            assertThat(actual).containsExactly(expected.toArray(Float[]::new));
        }
    }

    private static void gather(long[] shape, long[] strides, int axis, long element, List<Float> into) {
        if (axis == shape.length) {
            into.add((float) element);
            return;
        }
        for (long i = 0; i < shape[axis]; i++) {
            gather(shape, strides, axis + 1, element + i * strides[axis], into);
        }
    }

    @ParameterizedTest
    @EnumSource(StoredType.class)
    void columnMajorTensorsAreTurned(StoredType type) {
        var bytes = new byte[6 * type.bytes()];
        var tensor = StoredTensor.dense(type, LITTLE, new long[]{2, 3}, true, Storage.of(ByteRegion.of(bytes)),
                ReadLimits.DEFAULT);

        assertThat(tensor.strides()).containsExactly(1, 2);
        assertThat(tensor.toFloats()).containsExactly(0, 0, 0, 0, 0, 0);
    }

    @Test
    void expandedTensorsAreBounded() {
        var limits = new ReadLimits(1, 1, 1, 1, 1, 1, 100, 1, 1, 1, 1);

        assertThat(StoredTensor.view(StoredType.FLOAT32, LITTLE, new long[]{100}, new long[]{0}, 0, floats(1), limits)
                .toFloats()).hasSize(100);
        assertThat(catchThrowableOfType(RefusedFileException.class, () -> StoredTensor.view(StoredType.FLOAT32, LITTLE,
                new long[]{101}, new long[]{0}, 0, floats(1), limits)).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    @Test
    void singleIntegersAreExact() {
        var bytes = ByteBuffer.allocate(Long.BYTES).order(LITTLE).putLong(1L << 53 | 1).array();
        var number = StoredTensor.dense(StoredType.INT64, LITTLE, new long[0], false, Storage.of(ByteRegion.of(bytes)),
                ReadLimits.DEFAULT);

        assertThat(number.toLong()).isEqualTo(1L << 53 | 1);
        assertThatIllegalStateException().isThrownBy(() -> view(new long[]{2}, new long[]{1}, 0, 6).toLong());
        assertThatIllegalStateException().isThrownBy(() -> view(new long[0], new long[0], 0, 6).toLong());
    }

    @Test
    void countsWhatIsNotFinite() {
        var bytes = ByteBuffer.allocate(32).order(LITTLE).putDouble(1e300).putDouble(Double.NaN).putDouble(1)
                .putDouble(Double.NEGATIVE_INFINITY).array();
        var bad = StoredTensor.dense(StoredType.FLOAT64, LITTLE, new long[]{4}, false, Storage.of(ByteRegion.of(bytes)),
                ReadLimits.DEFAULT);
        var table = new TensorTable(Map.of("bad", bad, "good", view(new long[]{2}, new long[]{1}, 0, 6)));

        assertThat(table.nonFinite()).isEqualTo(Map.of("bad", new NonFinite(1, 2)));
        assertThat(table.nonFinite().get("bad")).hasToString("1 NaN, 2 infinite");
    }

    @Test
    void aTableHasParts() {
        var tensor = view(new long[]{2}, new long[]{1}, 0, 6);
        var table = new TensorTable(Map.of("g_ema.w", tensor, "g_ema_2.w", tensor));

        assertThat(table.under("g_ema").names()).containsExactly("w");
        assertThat(table.find("g_ema.w")).contains(tensor);
        assertThat(table.find("w")).isEmpty();
    }
}
