package org.atelier.worker.edit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.tensor.Scope;

/** The bare states of edits, in files. */
public final class EditStates {
    private EditStates() {}

    /** Writes a state. */
    public static void save(Edit.State state, Path file) throws IOException {
        Files.write(file, Scope.call(() -> SafetensorsWriter.bytes(state.tensors(), Map.of())));
    }

    /** Gives an edit a state that was written. */
    public static void restore(Edit.State state, Path file) {
        try (var stored = SafetensorsFile.open(file)) {
            state.restore(stored);
        }
    }
}
