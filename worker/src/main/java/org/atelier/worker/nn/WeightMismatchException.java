package org.atelier.worker.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import ai.djl.ndarray.types.Shape;

/** Weights that are not those of a network: tensors are missing, have another shape, or are not known. */
public final class WeightMismatchException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Lines of a kind that the message shows; a wrong file has hundreds. */
    private static final int SHOWN = 10;

    private final transient List<String> missing;
    private final transient Map<String, Shape> missingShapes;
    private final transient List<String> misshapen;
    private final transient List<String> unexpected;

    WeightMismatchException(String network, List<String> missing, Map<String, Shape> missingShapes,
            List<String> misshapen, List<String> unexpected) {
        super("These are not the weights of " + network + "." + part("missing", missing) + part("of another shape",
                misshapen) + part("not known", unexpected));
        this.missing = List.copyOf(missing);
        this.missingShapes = Map.copyOf(missingShapes);
        this.misshapen = List.copyOf(misshapen);
        this.unexpected = List.copyOf(unexpected);
    }

    private static String part(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        var more = lines.size() > SHOWN ? ", and " + (lines.size() - SHOWN) + " more" : "";
        return "\n  " + title + ": " + lines.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more;
    }

    /** Tensors that the network needs and the file has not, each with its shape and the closest name there is. */
    public List<String> missing() {
        return missing;
    }

    /** The missing tensors by name: against no weights at all, everything that the network takes. */
    public Map<String, Shape> missingShapes() {
        return missingShapes;
    }

    /** Tensors of another shape, each with both. */
    public List<String> misshapen() {
        return misshapen;
    }

    /** Tensors that the network does not know. */
    public List<String> unexpected() {
        return unexpected;
    }
}
