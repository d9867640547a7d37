package org.atelier.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.value.Storage;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsBackWhatIsWrittenInEveryTypeOfTheEngine() throws IOException {
        try (var manager = TestEngine.get().newManager()) {
            var floats = manager.create(new float[]{1, -2.5f, Float.MIN_VALUE, 4, 5, 6}, new Shape(2, 3));
            var doubles = manager.create(new double[]{Math.PI}, new Shape());
            var longs = manager.create(new long[]{Long.MAX_VALUE, -1}, new Shape(2));
            var truths = manager.create(new boolean[]{true, false, true}, new Shape(3));
            var none = manager.create(new float[0], new Shape(0, 4));
            var bytes = SafetensorsWriter.bytes(Map.of("floats", floats, "doubles", doubles, "longs", longs, "truths",
                    truths, "none", none), Map.of("bundle", "a@1"));
            var path = Files.write(folder.resolve("all.safetensors"), bytes);

            for (var file : List.of(SafetensorsFile.open(path), SafetensorsFile.of("in memory", bytes))) {
                assertThat(file.metadata()).containsExactly(Map.entry("bundle", "a@1"));
                assertThat(file.names()).containsExactly("doubles", "floats", "longs", "none", "truths");
                assertThat(file.shape("floats")).isEqualTo(new Shape(2, 3));
                assertThat(file.read("floats", manager)).isEqualTo(floats);
                assertThat(file.readAsStored("doubles", manager)).isEqualTo(doubles);
                assertThat(file.read("doubles", manager).toFloatArray()).containsExactly((float) Math.PI);
                assertThat(file.readAsStored("longs", manager)).isEqualTo(longs);
                assertThat(file.readAsStored("truths", manager).getDataType()).isEqualTo(DataType.BOOLEAN);
                assertThat(file.read("truths", manager).toFloatArray()).containsExactly(1, 0, 1);
                assertThat(file.read("none", manager).getShape()).isEqualTo(new Shape(0, 4));
                file.close();
            }
        }
    }

    @Test
    void namesTheFileThatIsNoneAndTheTensorThatIsNotThere() throws IOException {
        var page = Files.writeString(folder.resolve("generator.safetensors"), "<!DOCTYPE html><title>Sign in</title>");

        assertThatThrownBy(() -> SafetensorsFile.open(page)).isInstanceOfSatisfying(RefusedFileException.class,
                refused -> assertThat(refused.reason()).isEqualTo(Reason.OVER_LIMIT))
                .hasMessageContaining("generator.safetensors");
        try (var manager = TestEngine.get().newManager()) {
            var bytes = SafetensorsWriter.bytes(Map.of("w", manager.zeros(new Shape(1))), Map.of());
            var file = SafetensorsFile.of("latent", bytes);
            assertThatThrownBy(() -> file.read("z", manager)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("z");
            file.close();
            assertThatThrownBy(() -> file.read("w", manager)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("latent is closed");
        }
    }

    /** A published file may hold a transposed view of a storage in another byte order. */
    @Test
    void readsViewsAndOtherByteOrdersOfAnyContainer() {
        var bytes = new byte[]{0x3f, (byte) 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0x40, (byte) 0x80, 0, 0};
        var transposed = StoredTensor.view(StoredType.FLOAT32, ByteOrder.BIG_ENDIAN, new long[]{2, 2}, new long[]{1, 2},
                0, Storage.of(ByteRegion.of(bytes)), ReadLimits.DEFAULT);
        var weights = new StoredWeights(new TensorTable(Map.of("w", transposed)));
        try (var manager = TestEngine.get().newManager()) {
            assertThat(weights.read("w", manager).toFloatArray()).containsExactly(1, 3, 2, 4);
            assertThat(weights.readAsStored("w", manager).toFloatArray()).containsExactly(1, 3, 2, 4);
        }
    }
}
