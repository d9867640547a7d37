package org.atelier.worker.checkpoint.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/**
 * The tensors of a file by their dotted names, in the order of the file. Nothing is loaded before it is asked for, and
 * nothing is kept: read one tensor after the other, and memory holds one.
 */
public final class TensorTable {
    private static final int SHOWN = 5;

    private final Map<String, StoredTensor> tensors;

    /** @param tensors by name; copied */
    public TensorTable(Map<String, StoredTensor> tensors) {
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** All names, in the order of the file. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** A tensor by its name. */
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** All tensors by name. */
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /** The tensors whose names start with {@code prefix.}, without it: {@code under("g_ema")}. */
    public TensorTable under(String prefix) {
        var start = prefix + ".";
        var part = new LinkedHashMap<String, StoredTensor>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(start)) {
                part.put(name.substring(start.length()), tensor);
            }
        });
        return new TensorTable(part);
    }

    /**
     * Reads every tensor, one at a time, and counts what is no finite number once it is float32. A sound network has none.
     *
     * @return the tensors that have such values, by name; empty if all is well
     */
    public Map<String, NonFinite> nonFinite() {
        var found = new LinkedHashMap<String, NonFinite>();
        tensors.forEach((name, tensor) -> {
            if (!tensor.type().isInteger()) {
                var count = NonFinite.in(tensor.toFloats());
                if (count.any()) {
                    found.put(name, count);
                }
            }
        });
        return found;
    }

    /**
     * Refuses weights that cannot compute anything.
     *
     * @throws RefusedFileException if {@link #nonFinite()} finds any; it names the tensors
     */
    public void requireFinite() {
        var found = nonFinite();
        if (!found.isEmpty()) {
            var shown = found.entrySet()
                    .stream()
                    .limit(SHOWN)
                    .map(tensor -> Quoted.of(tensor.getKey()) + " (" + tensor.getValue() + ")")
                    .collect(Collectors.joining(", "));
            throw new RefusedFileException(Reason.NOT_FINITE, found.size() + " tensors have values that are no finite"
                    + " numbers: " + shown + (found.size() > SHOWN ? ", and more" : "")
                    + ". The network broke down while"
                    + " it was trained, or the file is damaged: fetch it again, or take an earlier checkpoint.");
        }
    }

    @Override
    public String toString() {
        return tensors.size() + " tensors";
    }
}
