package org.atelier.worker.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Set;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.value.Value;

/** Reads pickles in tests. Every storage that they name has the floats 0, 1, ... 15. */
final class Pickles {
    private Pickles() {}

    static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(Pickles.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    static Value read(byte[] pickle) {
        return read(pickle, ReadLimits.DEFAULT, AllowList.published(Set.of()));
    }

    static Value read(byte[] pickle, ReadLimits limits, AllowList allowed) {
        var budget = new ReadBudget(limits);
        var unpickler = new Unpickler(allowed, storage -> {
            storage.bind(floats(), ByteOrder.LITTLE_ENDIAN);
            return storage;
        }, (bytes, name, nestedBudget) -> {
            throw new AssertionError("no nested file is expected");
        }, budget);
        return unpickler.load(new ByteCursor(ByteRegion.of(pickle), "test.pkl")).freeze(budget);
    }

    static RefusedFileException refusal(byte[] pickle) {
        return refusal(pickle, ReadLimits.DEFAULT);
    }

    static RefusedFileException refusal(byte[] pickle, ReadLimits limits) {
        var refused = catchThrowableOfType(RefusedFileException.class,
                () -> read(pickle, limits, AllowList.published(Set.of())));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    private static ByteRegion floats() {
        var bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            bytes.putFloat(i);
        }
        return ByteRegion.of(bytes.array());
    }
}
