package org.atelier.worker.checkpoint.numpy;

import java.util.LinkedHashMap;
import java.util.Map;

import org.atelier.worker.checkpoint.io.InflatedEntry;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.ZipArchive;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.value.Value;

/**
 * An {@code .npz} archive: array files by name.
 *
 * @param compressed whether an entry is deflated
 * @param arrays     by name, without {@code .npy}
 */
public record NpzFile(boolean compressed, Map<String, Value> arrays) {
    private static final String SUFFIX = ".npy";

    /** Whether an archive holds array files only. */
    public static boolean isOne(ZipArchive archive) {
        return !archive.entries().isEmpty()
                && archive.entries().stream().allMatch(entry -> entry.name().endsWith(SUFFIX));
    }

    /** Reads an archive that {@link #isOne} is true of. Deflated numbers stay deflated until they are asked for. */
    public static NpzFile read(ZipArchive archive, AllowList allowed, ReadBudget budget) {
        var arrays = new LinkedHashMap<String, Value>();
        boolean compressed = false;
        for (var entry : archive.entries()) {
            var name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
            if (entry.compressed()) {
                compressed = true;
                var inflated = new InflatedEntry(archive, entry, budget.limits());
                arrays.put(name, NpyFile.read(inflated, Quoted.of(entry.name()), allowed, budget).array());
            } else {
                var file = archive.stored(entry);
                if (!NpyFile.isOne(file)) {
                    throw NpyFile.notOne(Quoted.of(entry.name()));
                }
                arrays.put(name, NpyFile.read(file, Quoted.of(entry.name()), allowed, budget).array());
            }
        }
        return new NpzFile(compressed, arrays);
    }
}
