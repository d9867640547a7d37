package org.atelier.worker.edit.boundary;

import java.util.Arrays;
import java.util.List;

import libsvm.svm;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/**
 * A linear support vector machine with hinge loss and a bias that is not penalised, as {@code SVC(kernel='linear')} of the
 * published code: libsvm's C-SVC, by sequential minimal optimisation.
 *
 * @param coefficients   w of the decision {@code <w, x> + b}
 * @param intercept      b
 * @param supportVectors examples with a part in w
 * @param bounded        those of them whose part is the largest possible, C
 * @param dualObjective  what was maximised
 */
public record LinearSvm(
        double[] coefficients,
        double intercept,
        int supportVectors,
        int bounded,
        double dualObjective) {
    /** Largest violation of the optimality conditions that is left: tighter than libsvm's usual 1e-3, at little cost. */
    private static final double TOLERANCE = 1e-8;
    /** Memory for the kernel, in MB. */
    private static final double CACHE = 200;

    static {
        svm.svm_set_print_string_function(text -> {});
    }

    /**
     * Trains on examples of two classes.
     *
     * @param positive examples with the attribute
     * @param negative examples without it
     * @param c        price of an error
     */
    public static LinearSvm train(List<double[]> positive, List<double[]> negative, double c) {
        var problem = new svm_problem();
        problem.l = positive.size() + negative.size();
        problem.x = new svm_node[problem.l][];
        problem.y = new double[problem.l];
        for (int i = 0; i < problem.l; i++) {
            boolean isPositive = i < positive.size();
            problem.x[i] = nodes(isPositive ? positive.get(i) : negative.get(i - positive.size()));
            problem.y[i] = isPositive ? 1 : -1;
        }
        return of(svm.svm_train(problem, parameters(c)), positive.getFirst().length, c);
    }

    private static svm_parameter parameters(double c) {
        var parameters = new svm_parameter();
        parameters.svm_type = svm_parameter.C_SVC;
        parameters.kernel_type = svm_parameter.LINEAR;
        parameters.C = c;
        parameters.eps = TOLERANCE;
        parameters.cache_size = CACHE;
        parameters.shrinking = 1;
        return parameters;
    }

    private static svm_node[] nodes(double[] values) {
        var nodes = new svm_node[values.length];
        for (int i = 0; i < values.length; i++) {
            nodes[i] = new svm_node();
            nodes[i].index = i + 1;
            nodes[i].value = values[i];
        }
        return nodes;
    }

    private static LinearSvm of(svm_model model, int size, double c) {
        var coefficients = new double[size];
        var parts = model.sv_coef[0];
        for (int i = 0; i < model.l; i++) {
            for (var node : model.SV[i]) {
                coefficients[node.index - 1] += parts[i] * node.value;
            }
        }
        double sum = Arrays.stream(parts).map(Math::abs).sum();
        double squares = Arrays.stream(coefficients).map(w -> w * w).sum();
        int bounded = (int) Arrays.stream(parts).filter(part -> Math.abs(part) >= c).count();
        return new LinearSvm(coefficients, -model.rho[0], model.l, bounded, sum - squares / 2);
    }

    /** Signed distance from the boundary, in units of the margin: positive where the attribute is. */
    public double decide(double[] x) {
        double sum = intercept;
        for (int i = 0; i < x.length; i++) {
            sum += coefficients[i] * x[i];
        }
        return sum;
    }
}
