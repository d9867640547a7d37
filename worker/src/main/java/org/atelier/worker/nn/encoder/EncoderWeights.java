package org.atelier.worker.nn.encoder;

import java.util.Set;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Weights;

/**
 * The encoder in a checkpoint of pSp and its descendants: {@code encoder.*} and {@code latent_avg}; the generator that is
 * stored with it, {@code decoder.*}, is left out.
 *
 * @param file  the whole checkpoint's state
 * @param names of the encoder's tensors
 */
public record EncoderWeights(Weights file, Set<String> names) implements Weights {
    /** Of a checkpoint. */
    public EncoderWeights(Weights file) {
        this(file, file.names().stream().filter(name -> !name.startsWith("decoder.")).collect(Collectors
                .toUnmodifiableSet()));
    }

    @Override
    public Shape shape(String name) {
        return file.shape(name);
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return file.read(name, manager);
    }
}
