package org.atelier.worker.tensor.optim;

/** A learning rate that depends on the step alone. */
@FunctionalInterface
public interface LearningRate {
    /** The rate of a step, counted from 0. */
    double at(int step);

    /** The same rate always. */
    static LearningRate constant(double rate) {
        return step -> rate;
    }

    /**
     * Linear rise, cosine fall: StyleCLIP's {@code get_lr}, the projectors of StyleGAN2.
     *
     * @param rate     highest
     * @param steps    of the whole run
     * @param rampup   share of the steps in which it rises
     * @param rampdown share of the steps in which it falls
     */
    static LearningRate ramp(double rate, int steps, double rampup, double rampdown) {
        return step -> {
            double t = (double) step / steps;
            double fall = rampdown == 0 ? 1 : Math.min(1, (1 - t) / rampdown);
            double rise = rampup == 0 ? 1 : Math.min(1, t / rampup);
            return rate * (0.5 - 0.5 * Math.cos(Math.PI * fall)) * rise;
        };
    }

    /** Multiplied by a factor after every so many steps: PyTorch's {@code StepLR}. */
    static LearningRate steps(double rate, int every, double factor) {
        return step -> rate * Math.pow(factor, Math.floorDiv(step, every));
    }
}
