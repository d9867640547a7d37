package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the squared difference of two latents becomes one number. The papers and their codes mean different things by "L2",
 * and a weight is worth nothing without saying which.
 */
public enum Reduction {
    /** Sum of squares: StyleCLIP's latent optimisation (its {@code run_optimization.py}). */
    @JsonProperty("sum")
    SUM,
    /** Mean of squares: StyleCLIP's mapper coach, and the practice of the StyleGAN3 course report. */
    @JsonProperty("mean")
    MEAN,
    /** Euclidean norm, not squared: the formula of the StyleGAN3 course report. */
    @JsonProperty("norm")
    NORM
}
