package org.atelier.worker.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;
import org.atelier.worker.checkpoint.value.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays, numbers and types of NumPy in pickles. */
class NumpyPickleTest {
    private static StoredTensor numbers(Value.Mapping root, String name) {
        return ((Value.NumericArray) root.get(name).orElseThrow()).tensor();
    }

    private static Value texts(List<Long> shape, String... texts) {
        return new Value.ObjectArray(shape,
                Arrays.stream(texts).<Value>map(Value.Text::new).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void readsWhatNumpyWrites(int protocol) throws Exception {
        var root = (Value.Mapping) Pickles.read(Pickles.resource("numpy-" + protocol + ".pkl"));

        assertThat(numbers(root, "f").shape()).containsExactly(2, 3);
        assertThat(numbers(root, "f").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(numbers(root, "big").type()).isEqualTo(StoredType.FLOAT64);
        assertThat(numbers(root, "big").toFloats()).containsExactly(1.5f, -2);
        assertThat(numbers(root, "truth").toFloats()).containsExactly(1, 0);
        assertThat(root.get("text")).contains(texts(List.of(2L), "a", "bc"));
        assertThat(root.get("raw")).contains(texts(List.of(2L), "x", "yz"));
        assertThat(root.get("grid")).contains(texts(List.of(2L, 2L), "a", "b", "c", "d"));
        assertThat(root.get("half")).contains(new Value.Real(0.5));
        assertThat(root.get("whole")).contains(new Value.Int(-7));
        assertThat(root.get("large")).contains(new Value.BigInt(BigInteger.TWO.pow(64).subtract(BigInteger.ONE)));
        assertThat(root.get("yes")).contains(new Value.Bool(true));
        assertThat(root.get("word")).contains(new Value.Text("w"));
        assertThat(root.get("objects"))
                .contains(new Value.ObjectArray(List.of(2L, 1L), List.of(new Value.None(), new Value.Text("o"))));
    }

    @Test
    void protocol5IsRefusedWithAdvice() throws Exception {
        assertThat(Pickles.refusal(Pickles.resource("numpy-5.pkl"))).hasMessageContaining("_frombuffer")
                .hasMessageContaining("protocol=4");
    }

    /** As Python 2 wrote it: the data is a string. */
    private static PickleWriter array(String type, char order, int bytes, long... shape) {
        var writer = PickleWriter.start().global("numpy.core.multiarray", "_reconstruct").ops("(")
                .global("numpy", "ndarray").integers(0).ops("U").raw(1, 'b').ops("tR(").integer(1).integers(shape)
                .global("numpy", "dtype").ops("(").text(type).integer(0).integer(1).ops("tR(").integer(3)
                .text(String.valueOf(order)).ops("NNN").integer(-1).integer(-1).integer(0).ops("tb").raw(0x89)
                .ops("T").int32(bytes);
        for (int i = 0; i < bytes; i++) {
            writer.raw(i);
        }
        return writer.ops("tb");
    }

    @Test
    void python2WroteDataAsStrings() {
        var value = (Value.NumericArray) Pickles.read(array("u1", '|', 4, 2, 2).stop());

        assertThat(value.tensor().toFloats()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void dataOfAnotherSizeThanTheShapeIsRefused() {
        assertThat(Pickles.refusal(array("f4", '<', 4, 2).stop()).reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(Pickles.refusal(array("f4", '<', 8, 1).stop()).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(Pickles.refusal(array("f4", '<', 3, 1).stop()).reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(Pickles.refusal(array("U2", '<', 3, 1).stop()).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(Pickles.refusal(array("f4", '<', 0, 1L << 40, 1L << 40).stop()).reason())
                .isEqualTo(Reason.MALFORMED);
        assertThat(Pickles.refusal(array("f4", '<', 4, -1, -1).stop()).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(Pickles.refusal(array("O8", '|', 0, 1).stop()).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void textsWithoutEndAreRefused() {
        assertThat(Pickles.refusal(array("U0", '<', 0, 1L << 40).stop()).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c8", "f16", "M8", "V4", "", "f", "U999999999", "x", "f4f4"})
    void otherElementTypesAreRefusedByName(String type) {
        assertThat(Pickles.refusal(array(type, '<', 4, 1).stop())).hasMessageContaining("\"" + type + "\"");
    }

    @Test
    void arraysWithoutContentAreRefused() {
        var pickle = PickleWriter.start().global("numpy.core.multiarray", "_reconstruct").ops("(")
                .global("numpy", "ndarray").integers(0).binary((byte) 'b').ops("tR").stop();

        assertThat(Pickles.refusal(pickle)).hasMessageContaining("no content");
    }
}
