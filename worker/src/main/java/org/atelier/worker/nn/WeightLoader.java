package org.atelier.worker.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * Hands weights to a network that is being built and keeps account: every layer {@link #take takes} what it needs, by its
 * published name, and in the end all that was missing, misshapen or left over is reported at once.
 */
public final class WeightLoader {
    private final Account account;

    private final String prefix;

    /** What the loaders of one network share. */
    private record Account(
            String network,
            Weights weights,
            NDManager manager,
            Map<String, NDArray> taken,
            Set<String> ignored,
            Map<String, Shape> missing,
            List<String> misshapen) {}

    private WeightLoader(Account account, String prefix) {
        this.account = account;
        this.prefix = prefix;
    }

    /**
     * Builds a network from weights.
     *
     * @param name    of the network, for messages
     * @param builder makes the network; it takes all its weights from the loader
     * @throws WeightMismatchException if the weights are not those that the network takes
     */
    public static <T> T load(String name, Weights weights, TensorEngine engine, Function<WeightLoader, T> builder) {
        var manager = engine.newManager();
        try {
            var loader = new WeightLoader(new Account(name, weights, manager, new LinkedHashMap<>(), new HashSet<>(),
                    new LinkedHashMap<>(), new ArrayList<>()), "");
            var network = builder.apply(loader);
            loader.finish();
            // Who first asks for a network may be in a scope, which must not free what others will use.
            manager.getManagedArrays().forEach(NDScope::unregister);
            return network;
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** The loader of a part, whose names all start with {@code part.}. */
    public WeightLoader in(String part) {
        return new WeightLoader(account, prefix + part + ".");
    }

    /** Owns the network's arrays, weights and constants; closing it frees them. */
    public NDManager manager() {
        return account.manager;
    }

    /** Whether there is a tensor of that name. */
    public boolean has(String name) {
        return account.weights.names().contains(prefix + name);
    }

    /**
     * The shape of a tensor from which a network reads its own size.
     *
     * @return empty if there is none of that name
     */
    public List<Long> shape(String name) {
        if (!has(name)) {
            return List.of();
        }
        var shape = new ArrayList<Long>();
        for (long size : account.weights.shape(prefix + name).getShape()) {
            shape.add(size);
        }
        return shape;
    }

    /**
     * A weight.
     *
     * @param name  published name, without the prefix of this part
     * @param shape that it must have
     * @return the array; zeros if the weights do not have it, which {@link #load} reports in the end
     */
    public NDArray take(String name, long... shape) {
        var full = prefix + name;
        var array = read(full, shape);
        account.taken.put(full, array);
        return array;
    }

    private NDArray read(String name, long... shape) {
        if (!account.weights.names().contains(name)) {
            account.missing.put(name, new Shape(shape));
            return account.manager.zeros(new Shape(shape));
        }
        var actual = account.weights.shape(name);
        if (!actual.equals(new Shape(shape))) {
            account.misshapen.add(name + " " + Shapes.text(actual.getShape()) + " instead of " + Shapes.text(shape));
            return account.manager.zeros(new Shape(shape));
        }
        return account.weights.read(name, account.manager);
    }

    /** Says that a tensor, if it is there, is known and not needed. */
    public void ignore(String name) {
        account.ignored.add(prefix + name);
    }

    /** All weights that were taken, by their full names; the same arrays that the layers hold. */
    public Map<String, NDArray> taken() {
        return Collections.unmodifiableMap(account.taken);
    }

    private void finish() {
        var unexpected = account.weights.names().stream()
                .filter(name -> !account.taken.containsKey(name) && !account.ignored.contains(name))
                .sorted()
                .toList();
        if (!account.missing.isEmpty() || !account.misshapen.isEmpty() || !unexpected.isEmpty()) {
            var missing = account.missing.entrySet()
                    .stream()
                    .map(entry -> entry.getKey() + " " + Shapes.text(entry.getValue().getShape()) + closest(entry
                            .getKey(), unexpected))
                    .toList();
            throw new WeightMismatchException(account.network, missing, account.missing, account.misshapen, unexpected);
        }
    }

    private static String closest(String name, List<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map(candidate -> " (closest: " + candidate + ")")
                .orElse("");
    }

    /** Levenshtein's distance: how many letters to insert, delete or exchange. */
    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchange = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(exchange, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
