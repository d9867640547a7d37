package org.atelier.worker.checkpoint.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.PickleWriter;
import org.atelier.worker.checkpoint.value.StoredType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
    private static ByteRegion file(int version, String header) {
        var bytes = header.getBytes(StandardCharsets.UTF_8);
        var writer = new PickleWriter().raw(0x93).ops("NUMPY").raw(version, 0);
        return ByteRegion.of((version == 1
                ? writer.raw(bytes.length & 0xFF, bytes.length >> 8)
                : writer
                        .int32(bytes.length)).bytes(bytes).bytes());
    }

    private static NpyHeader header(String header) {
        return NpyHeader.read(file(1, header), "a.npy");
    }

    private static RefusedFileException refusal(ByteRegion file) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> NpyHeader.read(file, "a.npy"));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryVersion(int version) {
        var header = NpyHeader.read(
                file(version, "{'descr': '>f8', 'fortran_order': True, 'shape': (3, 5), }   \n"), "a.npy");

        assertThat(header.version()).isEqualTo(version);
        assertThat(header.type().number()).isEqualTo(StoredType.FLOAT64);
        assertThat(header.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(header.fortran()).isTrue();
        assertThat(header.shape()).containsExactly(3, 5);
        assertThat(header.bytes()).isEqualTo(file(version, "").size()
                + "{'descr': '>f8', 'fortran_order': True, 'shape': (3, 5), }   \n".length());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"(); 0", "(7,); 1", "(7L, 2L); 2", "(1, 2, 3); 3"})
    void readsEveryShape(String shape, int axes) {
        assertThat(header("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }").shape()).hasSize(axes);
    }

    @Test
    void readsOtherOrdersOfTheKeys() {
        assertThat(header("{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}").type().number())
                .isEqualTo(StoredType.UINT8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),)}"})
    void refusesOtherHeaders(String header) {
        assertThat(refusal(file(1, header)).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesRecordsOtherVersionsAndLongHeaders() {
        assertThat(refusal(file(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}")))
                .hasMessageContaining("records");
        assertThat(refusal(file(4, "")).reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(refusal(file(2, " ".repeat(NpyHeader.LONGEST + 1))).reason()).isEqualTo(Reason.OVER_LIMIT);
    }

    @Test
    void aShapeOfManyAxesOverflowsNothing() {
        assertThat(header("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1, ".repeat(20_000) + ")}").shape())
                .hasSize(20_000);
    }
}
