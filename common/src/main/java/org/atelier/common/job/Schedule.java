package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** How the learning rate changes over the steps of an optimisation. The JSON property {@code kind} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
        @JsonSubTypes.Type(value = Schedule.Ramp.class, name = "ramp"),
        @JsonSubTypes.Type(value = Schedule.Step.class, name = "step"),
        @JsonSubTypes.Type(value = Schedule.Constant.class, name = "constant")})
public sealed interface Schedule {
    /**
     * Linear rise, cosine fall: StyleCLIP's {@code get_lr} and the projectors. Step 0 has rate 0.
     *
     * @param rampup   share of the steps in which the rate rises (published 0.05)
     * @param rampdown share of the steps in which it falls (published 0.25)
     */
    record Ramp(
            @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0.05") Double rampup,
            @DecimalMin("0") @DecimalMax("1") @JsonProperty(defaultValue = "0.25") Double rampdown)
            implements
                Schedule {
        /** StyleCLIP {@code run_optimization.py}, {@code get_lr}. */
        public static final double RAMPUP = 0.05;
        /** StyleCLIP {@code run_optimization.py}, {@code get_lr}. */
        public static final double RAMPDOWN = 0.25;

        public Ramp {
            rampup = Defaults.or(rampup, RAMPUP);
            rampdown = Defaults.or(rampdown, RAMPDOWN);
        }
    }

    /**
     * The rate is multiplied by a factor after every so many steps: PyTorch's {@code StepLR}, as the StyleGAN3 course
     * report uses it (50 and 0.5).
     *
     * @param every  steps between two changes
     * @param factor what the rate is multiplied by
     */
    record Step(
            @NotNull @Min(1) Integer every,
            @NotNull @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") Double factor) implements Schedule {}

    /** The rate stays as it is. */
    record Constant() implements Schedule {}
}
