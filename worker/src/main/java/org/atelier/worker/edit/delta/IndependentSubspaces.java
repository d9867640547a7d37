package org.atelier.worker.edit.delta;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/**
 * Which independent components belong together. A thing that has one of several values, such as the form of the hair,
 * takes several components: any two of these say something of each other, though a linear map cannot take it away
 * (independent subspaces: Hyvaerinen and Hoyer 2000, "Emergence of phase- and shift-invariant features by decomposition of
 * natural images into independent feature subspaces"; here they are found after the components, by grouping them). Dependence is looked for in pairs: components that depend on
 * each other only three by three are not grouped.
 */
final class IndependentSubspaces {
    /**
     * Subspaces whose components depend on each other more than this, on average, are one. Measured on avatar-128: within
     * one it is 0.14 and more; across, 0.03 with 8,000 samples and 0.08 with 1,024, which is chance.
     */
    private static final double DEPENDENT = 0.1;

    private IndependentSubspaces() {}

    /**
     * Groups components, by average linkage.
     *
     * @param components of samples, of variance 1 each, [S, K]
     * @return the components of each subspace, in ascending order; every component is in one
     */
    static List<int[]> of(NDArray components) {
        int count = Math.toIntExact(components.getShape().get(1));
        var dependence = dependence(components, count);
        List<int[]> groups = new ArrayList<>(IntStream.range(0, count).mapToObj(i -> new int[]{i}).toList());
        while (groups.size() > 1) {
            int first = 0;
            int second = 0;
            double most = DEPENDENT;
            for (int i = 0; i < groups.size(); i++) {
                for (int j = i + 1; j < groups.size(); j++) {
                    double between = dependence[groups.get(i)[0] * count + groups.get(j)[0]];
                    if (between > most) {
                        most = between;
                        first = i;
                        second = j;
                    }
                }
            }
            if (first == second) {
                break;
            }
            merge(groups, first, second, dependence, count);
        }
        groups.forEach(Arrays::sort);
        return List.copyOf(groups);
    }

    /** The dependence of groups stands in the row and column of their first component. */
    private static void merge(List<int[]> groups, int first, int second, double[] dependence, int count) {
        var one = groups.get(first);
        var other = groups.get(second);
        for (var group : groups) {
            double mean = (one.length * dependence[one[0] * count + group[0]] + other.length * dependence[other[0]
                    * count + group[0]]) / (one.length + other.length);
            dependence[one[0] * count + group[0]] = mean;
            dependence[group[0] * count + one[0]] = mean;
        }
        var both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        groups.set(first, both);
        groups.remove(second);
    }

    /**
     * How much components say of each other: the largest correlation between bounded functions of them, one odd and one
     * even, which rare large values do not rule. [K, K]
     */
    private static double[] dependence(NDArray components, int count) {
        return Scope.call(() -> {
            var odd = components.tanh();
            var functions = new NDList(standardized(odd), standardized(odd.square()));
            long samples = components.getShape().get(0);
            NDArray largest = components.getManager().zeros(new Shape(count, count));
            for (var one : functions) {
                for (var other : functions) {
                    var correlation = Scalars.div(one.transpose().matMul(other), samples).abs();
                    largest = largest.maximum(correlation).maximum(correlation.transpose());
                }
            }
            var floats = largest.toFloatArray();
            return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
        });
    }

    private static NDArray standardized(NDArray x) {
        var axis = new int[]{0};
        var centred = x.sub(x.mean(axis, true));
        return centred.div(Scalars.maximum(centred.square().mean(axis, true).sqrt(), 1e-6));
    }
}
