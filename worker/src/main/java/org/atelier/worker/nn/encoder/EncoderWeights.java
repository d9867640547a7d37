package org.atelier.worker.nn.encoder;

import java.util.Optional;

import org.atelier.worker.nn.RenamedWeights;
import org.atelier.worker.nn.Weights;

/**
 * The encoder in a checkpoint of pSp and its descendants: {@code encoder.*} and {@code latent_avg}; the generator that is
 * stored with it, {@code decoder.*}, is left out.
 */
public final class EncoderWeights {
    private EncoderWeights() {}

    /** @param file the whole checkpoint's state */
    public static Weights of(Weights file) {
        return new RenamedWeights(file, name -> Optional.of(name).filter(any -> !any.startsWith("decoder.")));
    }
}
