package org.atelier.worker.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Weights under the names that a network takes, whatever their file calls them. */
public final class RenamedWeights implements Weights {
    private final Weights file;

    /** Their names here and there. */
    private final Map<String, String> originals = new TreeMap<>();

    /**
     * Renames.
     *
     * @param rename the name here, by the name in the file; empty: the tensor is left out
     */
    public RenamedWeights(Weights file, Function<String, Optional<String>> rename) {
        this.file = file;
        for (var original : file.names()) {
            rename.apply(original).ifPresent(name -> originals.put(name, original));
        }
    }

    @Override
    public Set<String> names() {
        return originals.keySet();
    }

    @Override
    public Shape shape(String name) {
        return file.shape(original(name));
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return file.read(original(name), manager);
    }

    /**
     * What a tensor is called in the file.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public String original(String name) {
        var original = originals.get(name);
        if (original == null) {
            throw new IllegalArgumentException("there is no tensor " + name);
        }
        return original;
    }
}
