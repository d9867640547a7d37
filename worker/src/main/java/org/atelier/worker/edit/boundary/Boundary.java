package org.atelier.worker.edit.boundary;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/**
 * A hyperplane in W or Z.
 *
 * <p>As a file: the tensors {@code boundary} [1, C] or [1, Z], a normal of length 1 that points to the faces with the attribute, and
 * {@code intercept} [1], so that {@code <boundary, w> + intercept} is the distance; and texts about its origin.
 *
 * @param normal    of length 1 [C] or [Z]
 * @param intercept of the distance
 * @param origin    bundle and whatever else its maker says
 */
public record Boundary(double[] normal, double intercept, Map<String, String> origin) {
    static final String BUNDLE = "bundle";

    private static final String NORMAL = "boundary";
    private static final String INTERCEPT = "intercept";
    static final String SPACE = "space";

    private static final String W = "w";
    private static final String Z = "z";

    /** Below this share of its length a vector counts as none: two conditions that say the same. */
    private static final double NOTHING = 1e-9;

    /** That of a support vector machine. */
    public static Boundary of(LinearSvm svm, Map<String, String> origin) {
        double norm = norm(svm.coefficients());
        if (!(norm > 0)) {
            throw new IllegalArgumentException(
                    "The scores do not separate the latents at all: both classes are alike.");
        }
        return new Boundary(Arrays.stream(svm.coefficients()).map(value -> value / norm).toArray(), svm.intercept()
                / norm, origin);
    }

    /**
     * This boundary with those of conditions projected out of its normal, so that a walk along it stays where it is with
     * regard to them (InterFaceGAN {@code project_boundary}).
     *
     * @throws IllegalArgumentException if the conditions are not independent, or leave nothing
     */
    public Boundary conditionedOn(List<double[]> conditions) {
        if (conditions.isEmpty()) {
            return this;
        }
        var axes = new double[conditions.size()][];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = without(conditions.get(i), Arrays.copyOf(axes, i), "Condition " + (i + 1)
                    + " says nothing beside those before it: conditions must be independent. Leave it out.");
        }
        return new Boundary(without(normal, axes, "The conditions leave nothing of the boundary: a walk along it cannot"
                + " avoid crossing them. Leave one out."), intercept, origin);
    }

    /** A vector without its parts along orthonormal axes, of length 1. Twice, for the sake of rounding. */
    private static double[] without(double[] vector, double[][] axes, String nothingLeft) {
        var rest = vector.clone();
        double before = norm(vector);
        for (int round = 0; round < 2; round++) {
            for (var axis : axes) {
                double along = dot(rest, axis);
                for (int i = 0; i < rest.length; i++) {
                    rest[i] -= along * axis[i];
                }
            }
        }
        double norm = norm(rest);
        if (!(norm > NOTHING * before)) {
            throw new IllegalArgumentException(nothingLeft);
        }
        for (int i = 0; i < rest.length; i++) {
            rest[i] /= norm;
        }
        return rest;
    }

    /** Whether it separates latents as seeds give them, and not those that they are mapped to. */
    public boolean isInZ() {
        return isInZ(origin);
    }

    private static boolean isInZ(Map<String, String> texts) {
        return Z.equals(texts.get(SPACE));
    }

    /** The component of a latent along the normal: its distance from the hyperplane through the origin. */
    public double along(double[] latent) {
        return dot(latent, normal);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    /** The boundary as a file; equal boundaries have equal bytes. */
    byte[] file(NDManager manager) {
        var texts = new TreeMap<>(origin);
        texts.put(SPACE, isInZ() ? Z : W);
        return Scope.call(() -> SafetensorsWriter.bytes(Map.of(
                NORMAL, HostArrays.of(manager, normal, new Shape(1, normal.length)),
                INTERCEPT, HostArrays.of(manager, new double[]{intercept}, new Shape(1))), texts));
    }

    /**
     * Reads a file.
     *
     * @param name      of the file, for messages
     * @param generator whose latents it separates
     * @throws IllegalArgumentException if it is no boundary in this space; the message says so to a person
     */
    static Boundary read(String name, byte[] bytes, Generator generator, NDManager manager) {
        try (var file = SafetensorsFile.of(name, bytes)) {
            int size = isInZ(file.metadata()) ? generator.zSize() : generator.wSize();
            if (!file.names().contains(NORMAL) || file.shape(NORMAL).size() != size) {
                throw new IllegalArgumentException(name + " is no boundary of " + size + " numbers: it has the tensors "
                        + file.names() + ". Name the result of a boundary-train job with this bundle.");
            }
            return Scope.call(() -> {
                var normal = DoubleTensors.read(file, NORMAL, manager);
                double norm = norm(normal);
                if (!(norm > 0) || Double.isInfinite(norm)) {
                    throw new IllegalArgumentException(name + " is damaged: its normal has the length " + norm + ".");
                }
                double intercept = file.names().contains(INTERCEPT)
                        ? DoubleTensors.read(file, INTERCEPT, manager)[0]
                        : 0;
                return new Boundary(Arrays.stream(normal).map(value -> value / norm).toArray(), intercept, file
                        .metadata());
            });
        } catch (RefusedFileException e) {
            throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
