package org.atelier.worker.goldens;

import java.util.regex.Pattern;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDManager;
import org.atelier.common.job.InvertRequest;
import org.atelier.worker.edit.invert.Projector;
import org.atelier.worker.tensor.optim.LearningRate;
import org.atelier.worker.tensor.optim.PlateauRate;

/** Learning rates by step. */
final class ScheduleCheck implements Check {
    private static final Pattern RAMP = Pattern.compile("cosine_ramp_([\\d.]+)_steps(\\d+)");
    private static final Pattern SHAPED_RAMP = Pattern.compile(
            "cosine_ramp_rampup([\\d.]+)_rampdown([\\d.]+)_steps(\\d+)");
    private static final Pattern STEPS = Pattern.compile("step_lr_(\\d+)_([\\d.]+)");
    private static final Pattern PLATEAU = Pattern.compile("plateau_factor([\\d.]+)_patience(\\d+)(_abs)?");
    private static final Pattern NOISE_SCALE = Pattern.compile("projector_noise_scale_(\\d+)");
    private static final double RATE = 0.1;
    /** The rate of the golden whose ramp has another shape, which its name does not say. */
    private static final double SHAPED_RATE = 0.02;

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("optim") && golden.has("in.plateau_losses");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var losses = golden.array("in.plateau_losses", manager).toFloatArray();
        for (var output : golden.outputs()) {
            var name = output.name();
            int steps = Math.toIntExact(output.shape().size());
            var ramp = RAMP.matcher(name);
            var shaped = SHAPED_RAMP.matcher(name);
            var every = STEPS.matcher(name);
            var plateau = PLATEAU.matcher(name);
            if (NOISE_SCALE.matcher(name).matches()) {
                verdict.compare(name, manager.create(IntStream.range(0, steps).mapToDouble(step -> Projector.noiseScale(
                        step, steps, InvertRequest.NOISE_FACTOR, InvertRequest.NOISE_RAMP)).toArray()));
            } else if (ramp.matches()) {
                compare(verdict, name, steps, LearningRate.ramp(number(ramp.group(1)), steps, 0.05, 0.25), manager);
            } else if (shaped.matches()) {
                compare(verdict, name, steps, LearningRate.ramp(SHAPED_RATE, steps, number(shaped.group(1)), number(
                        shaped.group(2))), manager);
            } else if (every.matches()) {
                compare(verdict, name, steps, LearningRate.steps(RATE, Integer.parseInt(every.group(1)), number(every
                        .group(2))), manager);
            } else if (plateau.matches()) {
                double factor = number(plateau.group(1));
                int patience = Integer.parseInt(plateau.group(2));
                verdict.compare(name, manager.create(plateau(losses, plateau.group(3) == null
                        ? PlateauRate.Settings.of(factor, patience)
                        : new PlateauRate.Settings(factor, patience, 0.01, false, 3, 1e-3))));
            }
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private static void compare(Verdict verdict, String name, int steps, LearningRate rate, NDManager manager) {
        verdict.compare(name, manager.create(IntStream.range(0, steps).mapToDouble(rate::at).toArray()));
    }

    /** The rate in force at each step; the loss of a step is judged after it. */
    private static double[] plateau(float[] losses, PlateauRate.Settings settings) {
        var rate = new PlateauRate(RATE, settings);
        var rates = new double[losses.length];
        for (int step = 0; step < losses.length; step++) {
            rates[step] = rate.rate();
            rate.observe(losses[step]);
        }
        return rates;
    }
}
