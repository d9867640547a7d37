package org.atelier.worker.edit.invert;

import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.Scope;

/** The only step of an inversion by an encoder alone: what it found is drawn and measured. */
final class EncoderPass implements Stage {
    private final Generator generator;
    private final Optional<PictureDistance> perceptual;
    private final NDArray target;
    private final NDArray latent;
    private final NDManager manager;
    private int stepsDone;

    /**
     * Prepares the step.
     *
     * @param rows what the encoder found, [L, C]
     */
    EncoderPass(Generator generator, Optional<PictureDistance> perceptual, NDArray target, NDArray rows,
            NDManager parent) {
        this.generator = generator;
        this.perceptual = perceptual;
        this.target = target;
        this.manager = parent.newSubManager();
        this.latent = Scope.computeFor(manager, () -> rows.expandDims(0).duplicate());
    }

    @Override
    public Generator generator() {
        return generator;
    }

    @Override
    public int steps() {
        return 1;
    }

    @Override
    public int stepsDone() {
        return stepsDone;
    }

    @Override
    public InversionLoss step(int number) {
        stepsDone = 1;
        return Scope.call(() -> {
            var picture = picture();
            double l2 = picture.sub(target).square().mean().getFloat();
            double lpips = perceptual.map(distance -> (double) distance.lpips(picture).getFloat()).orElse(Double.NaN);
            return new InversionLoss(number, perceptual.isPresent() ? lpips : l2, lpips, l2, 0, 0);
        });
    }

    @Override
    public NDArray latent() {
        return Scope.compute(latent::duplicate);
    }

    @Override
    public NDArray picture() {
        return generator.render(latent, Noise.STORED);
    }

    @Override
    public Map<String, NDArray> state() {
        return Map.of();
    }

    @Override
    public void restore(int done, Map<String, NDArray> state) {
        stepsDone = done;
    }

    @Override
    public void close() {
        manager.close();
    }
}
