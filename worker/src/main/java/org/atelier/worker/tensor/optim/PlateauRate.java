package org.atelier.worker.tensor.optim;

/**
 * A learning rate that falls when a loss no longer does: PyTorch's {@code ReduceLROnPlateau} in mode {@code min}.
 */
public final class PlateauRate {
    /** Smaller changes of the rate are not made. */
    private static final double SMALLEST_CHANGE = 1e-8;

    private final Settings settings;

    private double rate;
    private double best = Double.POSITIVE_INFINITY;
    private int badSteps;
    private int restingSteps;

    /**
     * When and how the rate falls.
     *
     * @param factor    what it is multiplied by
     * @param patience  steps without progress that are borne
     * @param threshold progress that counts
     * @param relative  whether the threshold is a share of the best loss
     * @param cooldown  steps after a fall that are not judged
     * @param lowest    rate
     */
    public record Settings(
            double factor,
            int patience,
            double threshold,
            boolean relative,
            int cooldown,
            double lowest) {
        /** PyTorch's defaults with another factor and patience. */
        public static Settings of(double factor, int patience) {
            return new Settings(factor, patience, 1e-4, true, 0, 0);
        }
    }

    /** Starts at a rate. */
    public PlateauRate(double rate, Settings settings) {
        this.rate = rate;
        this.settings = settings;
    }

    /** The rate of the next step. */
    public double rate() {
        return rate;
    }

    /** Judges the loss of a step that was made. */
    public void observe(double loss) {
        double wanted = settings.relative ? best * (1 - settings.threshold) : best - settings.threshold;
        if (loss < wanted) {
            best = loss;
            badSteps = 0;
        } else {
            badSteps++;
        }
        if (restingSteps > 0) {
            restingSteps--;
            badSteps = 0;
        }
        if (badSteps > settings.patience) {
            double lower = Math.max(rate * settings.factor, settings.lowest);
            rate = rate - lower > SMALLEST_CHANGE ? lower : rate;
            restingSteps = settings.cooldown;
            badSteps = 0;
        }
    }
}
