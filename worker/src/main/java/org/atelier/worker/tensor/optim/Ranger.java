package org.atelier.worker.tensor.optim;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scope;

/**
 * Rectified Adam (Liu et al. 2020) with lookahead (Zhang et al. 2019) and gradient centralisation (Yong et al. 2020): the
 * optimiser of StyleCLIP's mapper training (its {@code training/ranger.py}).
 */
public final class Ranger implements Optimizer {
    private static final String MEAN = "exp_avg";
    private static final String SQUARE = "exp_avg_sq";
    private static final String SLOW = "slow_buffer";

    private final Map<String, NDArray> parameters;

    private final Settings settings;

    private final Moments moments;

    /**
     * The constants of Ranger.
     *
     * @param beta1           decay of the mean of gradients
     * @param beta2           decay of the mean of their squares
     * @param epsilon         added to the root of the latter
     * @param alpha           how far the slow weights follow the fast ones
     * @param lookaheadPeriod steps between two meetings of slow and fast weights
     * @param rectifyAbove    degrees of freedom from which on the second moment is trusted
     */
    public record Settings(
            double beta1,
            double beta2,
            double epsilon,
            double alpha,
            int lookaheadPeriod,
            double rectifyAbove) {
        /** Those of StyleCLIP's mapper training. */
        public static final Settings DEFAULT = new Settings(0.95, 0.999, 1e-5, 0.5, 6, 5);
    }

    /** Optimises parameters that the caller owns. */
    public Ranger(Map<String, NDArray> parameters, Settings settings) {
        this.parameters = parameters;
        this.settings = settings;
        this.moments = new Moments(parameters, List.of(MEAN, SQUARE, SLOW), (kind, parameter) -> kind.equals(SLOW)
                ? parameter.duplicate()
                : parameter.zerosLike());
    }

    @Override
    public void step(Map<String, NDArray> gradients, double learningRate) {
        gradients.forEach((name, gradient) -> Scope.run(() -> update(name, parameters.get(name), centralised(gradient),
                learningRate)));
    }

    /** Gradient centralisation: tensors with more than one axis lose their mean over all axes but the first. */
    private static NDArray centralised(NDArray gradient) {
        var shape = gradient.getShape();
        if (shape.dimension() < 2) {
            return gradient;
        }
        var axes = IntStream.range(1, shape.dimension()).toArray();
        return gradient.sub(gradient.sum(axes, true).mul((double) shape.get(0) / shape.size()));
    }

    private void update(String name, NDArray parameter, NDArray gradient, double learningRate) {
        long step = moments.nextStep(name);
        var mean = moments.get(name, MEAN);
        var square = moments.get(name, SQUARE);
        mean.muli(settings.beta1).addi(gradient.mul(1 - settings.beta1));
        square.muli(settings.beta2).addi(gradient.square().muli(1 - settings.beta2));

        // Rectified Adam, section 4: rho is the length of the approximated simple moving average.
        double decayed = Math.pow(settings.beta2, step);
        double rhoLimit = 2 / (1 - settings.beta2) - 1;
        double rho = rhoLimit - 2 * step * decayed / (1 - decayed);
        double correction1 = 1 - Math.pow(settings.beta1, step);
        if (rho > settings.rectifyAbove) {
            double rectification = Math.sqrt((1 - decayed) * (rho - 4) / (rhoLimit - 4) * (rho - 2) / rho * rhoLimit
                    / (rhoLimit - 2));
            parameter.subi(mean.mul(learningRate * rectification / correction1).divi(square.sqrt().addi(
                    settings.epsilon)));
        } else {
            parameter.subi(mean.mul(learningRate / correction1));
        }
        if (step % settings.lookaheadPeriod == 0) {
            var slow = moments.get(name, SLOW);
            slow.addi(parameter.sub(slow).muli(settings.alpha));
            InPlace.assign(parameter, slow);
        }
    }

    @Override
    public Map<String, NDArray> state() {
        return moments.state();
    }

    @Override
    public void restore(Map<String, NDArray> state) {
        moments.restore(state);
    }

    @Override
    public void close() {
        moments.close();
    }
}
