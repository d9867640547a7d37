package org.atelier.worker.job.edit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.tensor.Scope;

/**
 * The checkpoints of an edit: its state, the losses that it has told so far, and whose they are.
 *
 * @param bundle  reference of the bundle that it runs on
 * @param request with every default filled in
 */
record SavedEdit(String bundle, JobRequest request) {
    private static final String BUNDLE = "bundle";
    private static final String REQUEST = "request";
    private static final String LOSSES = "losses";

    private Map<String, String> owner() {
        return Map.of(BUNDLE, bundle, REQUEST, Digest.of(Json.bytes(request)).toString());
    }

    /**
     * Writes a checkpoint.
     *
     * @param file is created
     */
    void save(Path file, Edit.State state, Map<String, Double> losses) throws IOException {
        var texts = new TreeMap<>(owner());
        texts.put(LOSSES, Json.text(losses));
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            Scope.run(() -> write(out, state, texts));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(BufferedOutputStream out, Edit.State state, Map<String, String> texts) {
        try {
            SafetensorsWriter.write(out, state.tensors(), texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Brings an edit to where a checkpoint was written.
     *
     * @return the losses that it had told by then
     * @throws IllegalArgumentException                                          if it is of another job or another version;
     *                                                                           the edit is then useless
     * @throws org.atelier.worker.checkpoint.io.RefusedFileException if the file is damaged
     */
    Map<String, Double> restore(Path file, Edit.State state) {
        try (var stored = SafetensorsFile.open(file)) {
            var texts = new TreeMap<>(stored.metadata());
            var losses = texts.remove(LOSSES);
            if (losses == null || !texts.equals(owner())) {
                throw new IllegalArgumentException("the checkpoint belongs to " + texts + ", and not to " + owner());
            }
            state.restore(stored);
            var told = new TreeMap<String, Double>();
            Json.read(losses.getBytes(StandardCharsets.UTF_8), JsonNode.class).properties().forEach(loss -> told.put(
                    loss
                            .getKey(), loss.getValue().doubleValue()));
            return told;
        }
    }
}
