package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * The truncation trick: w moves towards the mean latent, w' = w_avg + psi (w - w_avg) (StyleGAN, section 2.2 of its
 * supplement).
 *
 * @param psi    1 leaves w as it is, 0 gives the mean face; negative values give the opposite face
 * @param cutoff how many of the first rows are truncated; absent: all
 */
public record Truncation(
        @DecimalMin("-2") @DecimalMax("2") @JsonProperty(defaultValue = "1") Double psi,
        @Min(0) @Nullable Integer cutoff) {
    /** No truncation: the default of the published {@code generate.py}. */
    public static final Truncation NONE = new Truncation(1.0, null);

    public Truncation {
        psi = Defaults.or(psi, 1.0);
    }

    /** Truncation of every row. */
    public static Truncation psi(double psi) {
        return new Truncation(psi, null);
    }
}
