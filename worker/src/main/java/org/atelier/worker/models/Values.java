package org.atelier.worker.models;

import java.util.Optional;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.worker.checkpoint.value.Value;

/** Reads plain values out of the tree of a published file. */
final class Values {
    private Values() {}

    /** A value by the names on the way to it, through mappings and attributes of objects. */
    static Optional<Value> find(Value root, String... way) {
        var value = Optional.of(root);
        for (var step : way) {
            value = value.flatMap(here -> switch (here) {
                case Value.Mapping mapping -> mapping.get(step);
                case Value.Instance instance -> instance.attribute(step);
                default -> Optional.empty();
            });
        }
        return value;
    }

    /** A number by the names on the way to it. */
    static Optional<Double> number(Value root, String... way) {
        return find(root, way).flatMap(value -> switch (value) {
            case Value.Int(var number) -> Optional.of((double) number);
            case Value.Real(var number) -> Optional.of(number);
            default -> Optional.empty();
        });
    }

    /** A text by the names on the way to it. */
    static Optional<String> text(Value root, String... way) {
        return find(root, way).flatMap(value -> value instanceof Value.Text(var text)
                ? Optional.of(text)
                : Optional.empty());
    }

    /** A truth value by the names on the way to it. */
    static Optional<Boolean> truth(Value root, String... way) {
        return find(root, way).flatMap(value -> value instanceof Value.Bool(var truth)
                ? Optional.of(truth)
                : Optional.empty());
    }

    /** The numbers, texts and truth values of a mapping; everything else is left out. */
    static ObjectNode plain(Value.Mapping mapping) {
        var plain = JsonNodeFactory.instance.objectNode();
        mapping.entries().forEach((key, value) -> {
            switch (value) {
                case Value.Bool(var truth) -> plain.put(key, truth);
                case Value.Int(var number) -> plain.put(key, number);
                case Value.Real(var number) -> plain.put(key, number);
                case Value.Text(var text) -> plain.put(key, text);
                case Value.None none -> plain.putNull(key);
                default -> {
                }
            }
        });
        return plain;
    }
}
