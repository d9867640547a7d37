package org.atelier.worker.edit;

import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.RandomState;

/** The noise of a job: for each picture what its request says. Random maps follow one after the other from the seed. */
public final class Noises {
    private final Generator generator;
    private final org.atelier.common.job.Noise request;
    private final RandomState random;

    /** Noise from the beginning. */
    public Noises(Generator generator, org.atelier.common.job.Noise request) {
        this.generator = generator;
        this.request = request;
        this.random = new RandomState(request.seed());
    }

    /** The noise of the next picture; its maps belong to the manager. */
    public Noise next(NDManager manager) {
        return switch (request.mode()) {
            case CONST -> Noise.STORED;
            case NONE -> Noise.NONE;
            case RANDOM -> generator.noise(random, manager);
        };
    }
}
