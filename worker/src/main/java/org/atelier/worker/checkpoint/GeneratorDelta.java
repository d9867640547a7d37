package org.atelier.worker.checkpoint;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * How a tuned generator differs from that of its bundle: a safetensors file with the tensors that changed, and nothing
 * else. Its metadata name the bundle ({@code bundle}, {@code name@version}) and the form ({@code kind}).
 *
 * <dl>
 * <dt>{@code delta}</dt>
 * <dd>under the generator's own names, the tuned weight minus that of the bundle, float32</dd>
 * <dt>{@code multipliers}</dt>
 * <dd>{@code LAYER.cin_mult} [I], which multiplies {@code LAYER.weight} [O, I, k, k] by channels of the layer's input
 * (HyperDomainNet, Alanov et al. 2022, section 3.1): kilobytes</dd>
 * </dl>
 */
public final class GeneratorDelta {
    /** Usual name of the file in a job's result. */
    public static final String FILE = "generator-delta.safetensors";

    private static final String BUNDLE = "bundle";
    private static final String KIND = "kind";
    private static final String WEIGHT = ".weight";
    private static final String MULTIPLIER = ".cin_mult";

    private final String name;
    private final SafetensorsFile file;
    private final Kind kind;

    private enum Kind {
        DELTA("delta"), MULTIPLIERS("multipliers");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }
    }

    private GeneratorDelta(String name, SafetensorsFile file, Kind kind) {
        this.name = name;
        this.file = file;
        this.kind = kind;
    }

    /**
     * Writes the form {@code delta}.
     *
     * @param bundle reference of the bundle
     * @param tuned  weights that may have changed, by name
     * @param base   those of the bundle, by name; at least the same
     * @param facts  further metadata, for people
     */
    public static byte[] differences(String bundle, Map<String, NDArray> tuned, Map<String, NDArray> base,
            Map<String, String> facts) {
        return Scope.call(() -> {
            var differences = new TreeMap<String, NDArray>();
            tuned.forEach((weight, array) -> differences.put(weight, array.stopGradient().sub(base.get(weight))));
            return write(bundle, Kind.DELTA, differences, facts);
        });
    }

    /**
     * Writes the form {@code multipliers}.
     *
     * @param bundle reference of the bundle
     * @param layers [I] by layer, such as {@code synthesis.b8.conv0}
     * @param facts  further metadata, for people
     */
    public static byte[] multipliers(String bundle, Map<String, NDArray> layers, Map<String, String> facts) {
        var named = new TreeMap<String, NDArray>();
        layers.forEach((layer, array) -> named.put(layer + MULTIPLIER, array));
        return write(bundle, Kind.MULTIPLIERS, named, facts);
    }

    private static byte[] write(String bundle, Kind kind, Map<String, NDArray> tensors, Map<String, String> facts) {
        var metadata = new TreeMap<>(facts);
        metadata.put(BUNDLE, bundle);
        metadata.put(KIND, kind.wireName);
        return SafetensorsWriter.bytes(tensors, metadata);
    }

    /**
     * Reads a file.
     *
     * @param name for messages
     * @throws RefusedFileException if it is damaged, or no such file
     */
    public static GeneratorDelta read(String name, byte[] bytes) {
        var file = SafetensorsFile.of(name, bytes);
        for (var kind : Kind.values()) {
            if (kind.wireName.equals(file.metadata().get(KIND)) && file.metadata().containsKey(BUNDLE)) {
                return new GeneratorDelta(name, file, kind);
            }
        }
        throw new RefusedFileException(Reason.OTHER_FORMAT, name + " is no tuned generator: its metadata are " + file
                .metadata() + ". Name the " + FILE + " of a job that tunes generators.");
    }

    /** Reference of the bundle that it belongs to. */
    public String bundle() {
        return file.metadata().getOrDefault(BUNDLE, "");
    }

    /**
     * Demands that it belongs to a bundle.
     *
     * @throws IllegalArgumentException if it is for another one
     */
    void requireBundle(String reference) {
        if (!bundle().equals(reference)) {
            throw new IllegalArgumentException("The tuned generator " + name + " belongs to the bundle " + bundle()
                    + ", not to " + reference + ". Name that bundle in the request, or another generator.");
        }
    }

    /**
     * The weights of the tuned generator.
     *
     * @param generator weights of the bundle's; read when the result is
     * @throws IllegalArgumentException if they have other names or shapes
     */
    Weights applyTo(Weights generator) {
        for (var tensor : file.names()) {
            var weight = weight(tensor);
            if (!generator.names().contains(weight)) {
                throw new IllegalArgumentException("The tuned generator " + name + " changes " + weight
                        + ", which the generator of " + bundle() + " does not have.");
            }
            var wanted = wantedShape(generator.shape(weight));
            if (!file.shape(tensor).equals(wanted)) {
                throw new IllegalArgumentException("The tuned generator " + name + " has " + tensor + " in the shape "
                        + Shapes.text(file.shape(tensor).getShape()) + ", the generator of " + bundle() + " takes "
                        + Shapes.text(wanted.getShape()) + ".");
            }
        }
        return new Tuned(generator);
    }

    private String weight(String tensor) {
        return kind == Kind.MULTIPLIERS && tensor.endsWith(MULTIPLIER)
                ? tensor.substring(0, tensor.length() - MULTIPLIER.length()) + WEIGHT
                : tensor;
    }

    private Shape wantedShape(Shape weight) {
        return switch (kind) {
            case DELTA -> weight;
            case MULTIPLIERS -> new Shape(weight.get(1));
        };
    }

    /** The generator's weights with the changes in them. */
    private final class Tuned implements Weights {
        private final Weights base;

        Tuned(Weights base) {
            this.base = base;
        }

        @Override
        public Set<String> names() {
            return base.names();
        }

        @Override
        public Shape shape(String weight) {
            return base.shape(weight);
        }

        @Override
        public NDArray read(String weight, NDManager manager) {
            return Scope.computeFor(manager, () -> switch (kind) {
                case DELTA -> file.names().contains(weight)
                        ? base.read(weight, manager).add(file.read(weight, manager))
                        : base.read(weight, manager);
                case MULTIPLIERS -> multiplied(weight, manager);
            });
        }

        private NDArray multiplied(String weight, NDManager manager) {
            var tensor = weight.endsWith(WEIGHT)
                    ? weight.substring(0, weight.length() - WEIGHT.length()) + MULTIPLIER
                    : weight;
            var array = base.read(weight, manager);
            return tensor.endsWith(MULTIPLIER) && file.names().contains(tensor)
                    ? array.mul(file.read(tensor, manager).reshape(1, array.getShape().get(1), 1, 1))
                    : array;
        }
    }
}
