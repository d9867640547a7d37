package org.atelier.worker.edit.nada;

import java.util.Optional;

import org.atelier.common.job.NadaFinetuneRequest.Form;
import org.atelier.common.job.NadaFinetuneRequest.Freeze;
import org.atelier.common.job.NadaFinetuneRequest.Phase;
import org.atelier.common.job.NadaFinetuneRequest.RowMapping;
import org.atelier.common.job.Templates;

/**
 * How to train.
 *
 * @param source          what the pictures show before
 * @param target          what they should show; empty: the direction is given by pictures
 * @param templates       sentences that both are put into
 * @param lambdas         weights of the losses
 * @param guard           see {@link NadaLoss}
 * @param adam            of the update
 * @param form            what is trained
 * @param phase           the layers, where none are selected
 * @param selection       how layers are selected; empty: they are not
 * @param freeze          which parameters of the layers stay
 * @param pixelNoise      deviation of the noise that is added to the pictures of the bundle's generator
 * @param frozenGradients what a parameter that trained once and does not now looks like to the optimiser
 */
public record NadaSettings(
        String source,
        Optional<String> target,
        Templates templates,
        Lambdas lambdas,
        double guard,
        AdamSettings adam,
        Form form,
        Phase phase,
        Optional<Selection> selection,
        Freeze freeze,
        double pixelNoise,
        FrozenGradients frozenGradients) {
    /** What the published code adds to the pictures of a StyleGAN3. */
    public static final double PIXEL_NOISE = 5e-4;

    /** Weights of the losses; see {@link NadaLoss}. */
    public record Lambdas(double direction, double global, double manifold, double texture) {}

    /** Constants of Adam, as they are used. */
    public record AdamSettings(double learningRate, double beta1, double beta2) {
        /** As for a StyleGAN2 that is regularised every so many steps ({@code train.py}); 0: as it is. */
        public static AdamSettings corrected(double learningRate, double beta1, double beta2, int regularizeEvery) {
            double ratio = regularizeEvery == 0 ? 1 : regularizeEvery / (regularizeEvery + 1.0);
            return new AdamSettings(learningRate * ratio, Math.pow(beta1, ratio), Math.pow(beta2, ratio));
        }
    }

    /**
     * Selection of layers.
     *
     * @param layers     how many
     * @param iterations steps of the latents
     * @param every      training steps between two selections; 0: once
     * @param mapping    from rows to layers
     */
    public record Selection(int layers, int iterations, int every, RowMapping mapping) {
        /** Learning rate of the latents ({@code determine_opt_layers}). */
        static final double LEARNING_RATE = 0.01;

        boolean isDue(int step) {
            return every == 0 ? step == 0 : step % every == 0;
        }
    }

    /** What PyTorch's {@code zero_grad} leaves behind. */
    public enum FrozenGradients {
        /** Nothing (from 2.0 on): moments and step count of the parameter rest. */
        NONE,
        /** Zeros (before): they go on. */
        ZERO
    }
}
