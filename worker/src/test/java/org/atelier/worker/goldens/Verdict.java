package org.atelier.worker.goldens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.Scope;

/**
 * Holds computed tensors against those of a golden, by the comparison rule of the goldens' README, and says where they
 * differ. Outputs that nobody compared count as failures.
 */
final class Verdict {
    /** Magnitudes below this count as this. */
    private static final double SMALLEST_MAGNITUDE = 1e-6;

    private final Golden golden;
    private final Set<String> compared = new HashSet<>();
    private final List<String> failures = new ArrayList<>();

    Verdict(Golden golden) {
        this.golden = golden;
    }

    /** Whether the golden has this output, in full or in samples and sums. */
    boolean wants(String name) {
        return golden.outputs().stream().anyMatch(expected -> isForm(name, expected.name()));
    }

    private static boolean isForm(String name, String output) {
        return output.equals(name) || output.equals(name + ".sample_value") || output.equals(name + ".row_sums");
    }

    /** Compares an output, in every form in which the golden has it. */
    void compare(String name, NDArray actual) {
        compare(name, actual, 1);
    }

    /**
     * Compares an output less strictly than the golden wants; the caller says why.
     *
     * @param slack what its tolerances are multiplied by
     */
    void compare(String name, NDArray actual, double slack) {
        Scope.run(() -> {
            boolean found = false;
            for (var expected : golden.outputs()) {
                if (isForm(name, expected.name())) {
                    compare(expected, form(name, expected.name(), actual), slack);
                    found = true;
                }
            }
            if (!found) {
                failures.add(name + " is no output of " + golden.id());
            }
        });
    }

    /** Whether everything that was compared so far fits. */
    boolean fits() {
        return failures.isEmpty();
    }

    /** Takes over what another one found. */
    void adopt(Verdict other) {
        compared.addAll(other.compared);
        failures.addAll(other.failures);
    }

    private NDArray form(String name, String output, NDArray actual) {
        if (output.equals(name)) {
            return actual;
        }
        if (output.equals(name + ".row_sums")) {
            return actual.toType(DataType.FLOAT64, false).sum(new int[]{actual.getShape().dimension() - 1});
        }
        var index = golden.array(name + ".sample_index", actual.getManager());
        return actual.flatten().get(index);
    }

    private void compare(Golden.Expected expected, NDArray actual, double slack) {
        compared.add(expected.name());
        var wanted = golden.array(expected.name(), actual.getManager());
        boolean oneNumber = wanted.size() == 1 && actual.size() == 1;
        if (!oneNumber && !actual.getShape().equals(expected.shape())) {
            failures.add(expected.name() + " has the shape " + actual.getShape() + " instead of " + expected.shape());
            return;
        }
        var a = doubles(actual);
        var w = doubles(wanted);
        if (expected.tolerance().isEmpty()) {
            report(expected, worst(a, w), a, w, Optional.of(0.0), "must be equal");
            return;
        }
        double scale = Math.max(Arrays.stream(w).map(Math::abs).max().orElse(0), SMALLEST_MAGNITUDE);
        int worst = worst(a, w);
        report(expected, worst, a, w, expected.tolerance().map(tolerance -> tolerance * scale * slack), "");
        expected.l2Tolerance().map(tolerance -> tolerance * slack).ifPresent(tolerance -> {
            double norm = Math.max(norm(w, new double[w.length]), SMALLEST_MAGNITUDE);
            double distance = norm(a, w);
            if (!(distance <= tolerance * norm)) {
                failures.add(String.format(Locale.ROOT, "%s: its distance in L2 is %.3g of its norm, allowed is %.3g",
                        expected.name(), distance / norm, tolerance));
            }
        });
    }

    private void report(Golden.Expected expected, int worst, double[] actual, double[] wanted, Optional<Double> limit,
            String rule) {
        if (worst >= 0 && !(Math.abs(actual[worst] - wanted[worst]) <= limit.orElseThrow())) {
            failures.add(String.format(Locale.ROOT, "%s%s = %.9g instead of %.9g, off by %.3g, allowed is %.3g %s",
                    expected.name(), place(worst, expected.shape()), actual[worst], wanted[worst], Math.abs(
                            actual[worst] - wanted[worst]), limit.orElseThrow(), rule));
        }
    }

    private static String place(int index, Shape shape) {
        var place = new long[shape.dimension()];
        long rest = index;
        for (int axis = place.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape.get(axis);
            rest /= shape.get(axis);
        }
        return Arrays.toString(place);
    }

    private static int worst(double[] a, double[] b) {
        int worst = -1;
        double largest = -1;
        for (int i = 0; i < a.length; i++) {
            double distance = Math.abs(a[i] - b[i]);
            if (!(distance <= largest)) {
                largest = distance;
                worst = i;
            }
            if (Double.isNaN(distance)) {
                return i;
            }
        }
        return worst;
    }

    private static double norm(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, false).toDoubleArray();
    }

    /** All deviations, and the outputs that were not compared although no other test computes them. */
    List<String> failures() {
        var all = new ArrayList<>(failures);
        golden.outputs().stream()
                .map(Golden.Expected::name)
                .filter(name -> !compared.contains(name) && !Elsewhere.computes(golden.id() + "#" + name))
                .forEach(name -> all.add(name + " was not compared"));
        return all;
    }
}
