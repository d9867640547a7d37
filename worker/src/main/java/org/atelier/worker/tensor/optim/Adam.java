package org.atelier.worker.tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scope;

/**
 * Adam (Kingma and Ba 2015) and its variants AdamW (decoupled weight decay) and AMSGrad, in the arithmetic of PyTorch:
 * epsilon is added outside the root, after the bias correction.
 */
public final class Adam implements Optimizer {
    private static final String MEAN = "exp_avg";
    private static final String SQUARE = "exp_avg_sq";
    private static final String MAX_SQUARE = "max_exp_avg_sq";

    private final Map<String, NDArray> parameters;

    private final Settings settings;

    private final Moments moments;

    /**
     * The constants of Adam.
     *
     * @param beta1       decay of the mean of gradients
     * @param beta2       decay of the mean of their squares
     * @param epsilon     added to the root of the latter
     * @param weightDecay how strongly parameters are pulled to zero
     * @param decoupled   whether weight decay shrinks the parameter itself (AdamW) or is added to its gradient
     * @param amsgrad     whether the largest mean of squares so far is used
     */
    public record Settings(
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            boolean decoupled,
            boolean amsgrad) {
        /** The paper's, and PyTorch's defaults. */
        public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8, 0, false, false);

        /** PyTorch's defaults of AdamW (Loshchilov and Hutter 2019). */
        public static final Settings ADAMW = new Settings(0.9, 0.999, 1e-8, 0.01, true, false);

        /** PyTorch's defaults of AdamW, with AMSGrad: the StyleGAN3 course report's latent optimisation. */
        public static final Settings ADAMW_AMSGRAD = new Settings(0.9, 0.999, 1e-8, 0.01, true, true);

        /** Other betas, else {@link #DEFAULT}. */
        public static Settings betas(double beta1, double beta2) {
            return new Settings(beta1, beta2, DEFAULT.epsilon, 0, false, false);
        }
    }

    /** Optimises parameters that the caller owns. */
    public Adam(Map<String, NDArray> parameters, Settings settings) {
        var kinds = new ArrayList<>(List.of(MEAN, SQUARE));
        if (settings.amsgrad) {
            kinds.add(MAX_SQUARE);
        }
        this.parameters = parameters;
        this.settings = settings;
        this.moments = new Moments(parameters, kinds, (kind, parameter) -> parameter.zerosLike());
    }

    @Override
    public void step(Map<String, NDArray> gradients, double learningRate) {
        gradients.forEach((name, gradient) -> Scope.run(() -> update(name, parameters.get(name), gradient,
                learningRate)));
    }

    private void update(String name, NDArray parameter, NDArray gradient, double learningRate) {
        long step = moments.nextStep(name);
        var g = gradient;
        if (settings.weightDecay != 0 && settings.decoupled) {
            parameter.muli(1 - learningRate * settings.weightDecay);
        } else if (settings.weightDecay != 0) {
            g = gradient.add(parameter.mul(settings.weightDecay));
        }
        var mean = moments.get(name, MEAN);
        var square = moments.get(name, SQUARE);
        mean.muli(settings.beta1).addi(g.mul(1 - settings.beta1));
        square.muli(settings.beta2).addi(g.square().muli(1 - settings.beta2));
        var used = square;
        if (settings.amsgrad) {
            used = moments.get(name, MAX_SQUARE);
            InPlace.assign(used, used.maximum(square));
        }
        double correction1 = 1 - Math.pow(settings.beta1, step);
        double correction2 = 1 - Math.pow(settings.beta2, step);
        var denominator = used.sqrt().divi(Math.sqrt(correction2)).addi(settings.epsilon);
        parameter.subi(mean.mul(learningRate / correction1).divi(denominator));
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
