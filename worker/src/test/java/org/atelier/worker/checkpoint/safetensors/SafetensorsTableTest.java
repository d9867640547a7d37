package org.atelier.worker.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTableTest {
    private static byte[] file(long length, String header, int data) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[data]);
        return out.toByteArray();
    }

    private static SafetensorsTable read(byte[] file) {
        return SafetensorsTable.read(ByteRegion.of(file), "the file", ReadLimits.DEFAULT);
    }

    private static RefusedFileException refusal(byte[] file) {
        var refused = catchThrowableOfType(RefusedFileException.class, () -> read(file));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    @Test
    void readsTensorsAndTexts() {
        var header = """
                {"__metadata__": {"format": "pt"},
                 "b": {"dtype": "U8", "shape": [2], "data_offsets": [4, 6]},
                 "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
                 "empty": {"dtype": "F16", "shape": [0, 3], "data_offsets": [6, 6]}}""";

        var table = read(file(header.length(), header, 6));

        assertThat(table.metadata()).containsEntry("format", "pt");
        assertThat(table.tensors().keySet()).containsExactly("b", "a", "empty");
        assertThat(table.tensors().get("b").shape()).containsExactly(2);
        assertThat(table.tensors().get("a").toFloats()).containsExactly(0);
        assertThat(table.tensors().get("empty").toFloats()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "[]; MALFORMED",
            "{; MALFORMED",
            "{} x; MALFORMED",
            "{\"a\": 1}; UNSUPPORTED",
            "{\"a\": {\"dtype\": \"F8_E5M2\", \"shape\": [4], \"data_offsets\": [0, 4]}}; UNSUPPORTED",
            "{\"a\": {\"dtype\": \"U8\", \"data_offsets\": [0, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4.0], \"data_offsets\": [0, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [-4], \"data_offsets\": [0, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [4, 0]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [-4, 0]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 99999999999999999999]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [0, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [5], \"data_offsets\": [0, 4]}}; TRUNCATED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [5], \"data_offsets\": [0, 5]}}; TRUNCATED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [0, 3]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [1, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"F64\", \"shape\": [4611686018427387904, 4], \"data_offsets\": [0, 0]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}, "
                    + "\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}, "
                    + "\"b\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}}; MALFORMED",
            "{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [0, 3]}, "
                    + "\"b\": {\"dtype\": \"U8\", \"shape\": [2], \"data_offsets\": [2, 4]}}; MALFORMED"})
    void refusesOtherHeaders(String header, Reason reason) {
        assertThat(refusal(file(header.length(), header, 4)).reason()).isEqualTo(reason);
    }

    @Test
    void refusesHeadersThatAreNotThere() {
        assertThat(refusal(file(-1, "{}", 0)).reason()).isEqualTo(Reason.OVER_LIMIT);
        assertThat(refusal(file(Long.MAX_VALUE, "{}", 0)).reason()).isEqualTo(Reason.OVER_LIMIT);
        assertThat(refusal(file(3, "{}", 0)).reason()).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void refusesDeepHeaders() {
        var header = "{\"a\":".repeat(10_000);

        assertThat(refusal(file(header.length(), header, 0)).reason()).isEqualTo(Reason.MALFORMED);
    }
}
