package org.atelier.worker.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.atelier.worker.checkpoint.value.StoredType;

/**
 * Writes files that {@code torch.load} reads, also with {@code weights_only=True}: the zip archive of PyTorch 1.6 and later,
 * with stored entries. Equal tensors give equal bytes. Source: {@code torch/serialization.py}.
 */
public final class TorchZipWriter {
    private static final String FOLDER = "archive/";

    /** Archive format of PyTorch 1.6 and later; also the earliest time that a zip entry can have. */
    private static final String VERSION = "3\n";
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private TorchZipWriter() {}

    /**
     * Writes dictionaries of tensors beside single tensors, each by its name: {@code g_ema} and {@code latent_avg}. Memory
     * holds one tensor at a time.
     *
     * @param dictionaries state dicts by name, of float32 tensors
     * @param tensors      tensors beside them
     */
    public static void write(OutputStream out, Map<String, Map<String, TensorContent>> dictionaries,
            Map<String, TensorContent> tensors) throws IOException {
        var storages = new ArrayList<TensorContent>();
        var pickle = new StateDictPickle().openDictionary();
        dictionaries.forEach((name, content) -> {
            pickle.text(name).openDictionary();
            content.forEach((tensor, value) -> add(pickle, storages, tensor, value));
            pickle.closeDictionary();
        });
        tensors.forEach((name, value) -> add(pickle, storages, name, value));

        try (var zip = new ZipOutputStream(out)) {
            entry(zip, "data.pkl", pickle.closeDictionary().end());
            entry(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < storages.size(); i++) {
                entry(zip, "data/" + i, bytes(storages.get(i)));
            }
            entry(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void add(StateDictPickle pickle, List<TensorContent> storages, String name, TensorContent tensor) {
        if (tensor.type() != StoredType.FLOAT32) {
            throw new IllegalArgumentException(name + " is of type " + tensor.type().label()
                    + "; only float32 is written");
        }
        pickle.text(name).tensor(String.valueOf(storages.size()), tensor.elements(), tensor.shape());
        storages.add(tensor);
    }

    private static byte[] bytes(TensorContent tensor) {
        var buffer = tensor.bytes().get();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var sum = new CRC32();
        sum.update(content);
        var entry = new ZipEntry(FOLDER + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
