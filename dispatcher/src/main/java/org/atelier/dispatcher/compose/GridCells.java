package org.atelier.dispatcher.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.job.GridRequest;
import org.atelier.common.request.InvalidSubmissionException;
import org.atelier.common.request.Violation;

/**
 * The cells of a grid, row by row. Axes are taken by name, since a stored request does not keep the order in which they
 * were written.
 *
 * @param rows    heads of the rows
 * @param columns heads of the columns
 * @param cells   all of them
 */
record GridCells(List<String> rows, List<String> columns, List<Cell> cells) {
    /**
     * A combination.
     *
     * @param row     counted from 0
     * @param column  counted from 0
     * @param values  by axis
     * @param request the whole of what it asks for
     */
    record Cell(int row, int column, Map<String, JsonNode> values, ObjectNode request) {
        /** What tells it from the others. */
        String name() {
            return head(values);
        }
    }

    /**
     * The cells of a grid whose shape is sound.
     *
     * @throws InvalidSubmissionException if an axis leads nowhere in the request
     */
    static GridCells of(GridRequest grid) {
        var axes = new TreeMap<>(grid.axes());
        var across = grid.columns() == null ? axes.lastKey() : grid.columns();
        var columns = combinations(Map.of(across, axes.remove(across)));
        var rows = combinations(axes);
        var cells = new ArrayList<Cell>();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                var values = new TreeMap<>(rows.get(row));
                values.putAll(columns.get(column));
                cells.add(new Cell(row, column, values, request(grid, values)));
            }
        }
        return new GridCells(heads(rows), heads(columns), cells);
    }

    private static List<Map<String, JsonNode>> combinations(Map<String, List<JsonNode>> axes) {
        var combinations = List.<Map<String, JsonNode>>of(Map.of());
        for (var axis : axes.entrySet()) {
            combinations = combinations.stream()
                    .flatMap(before -> axis.getValue().stream().map(value -> with(before, axis.getKey(), value)))
                    .toList();
        }
        return combinations;
    }

    private static Map<String, JsonNode> with(Map<String, JsonNode> before, String axis, JsonNode value) {
        var with = new LinkedHashMap<>(before);
        with.put(axis, value);
        return with;
    }

    /** The empty pointer comes first by name: what is merged can be changed by the other axes. */
    private static ObjectNode request(GridRequest grid, Map<String, JsonNode> values) {
        var request = (ObjectNode) grid.base().deepCopy();
        values.forEach((axis, value) -> {
            if (axis.isEmpty()) {
                merge(request, (ObjectNode) value);
            } else if (!set(request, JsonPointer.compile(axis), value)) {
                throw new InvalidSubmissionException(List.of(new Violation(field(axis),
                        "leads nowhere in the base request: a field above it is no object, or its place is not in the"
                                + " list")));
            }
        });
        return request;
    }

    /** The field of a grid's submission that an axis is. */
    static String field(String axis) {
        return "/request/axes/" + axis.replace("~", "~0").replace("/", "~1");
    }

    private static boolean set(ObjectNode request, JsonPointer pointer, JsonNode value) {
        JsonNode above = request;
        for (var head = pointer.head(); !head.matches(); head = head.tail()) {
            var next = head.getMatchingIndex() >= 0 && above.isArray()
                    ? above.path(head.getMatchingIndex())
                    : above.path(head.getMatchingProperty());
            if (next.isMissingNode() && above instanceof ObjectNode object) {
                next = object.putObject(head.getMatchingProperty());
            }
            above = next;
        }
        var last = pointer.last();
        if (above instanceof ObjectNode object) {
            object.set(last.getMatchingProperty(), value);
            return true;
        }
        if (above instanceof ArrayNode array && last.getMatchingIndex() >= 0 && last.getMatchingIndex() < array
                .size()) {
            array.set(last.getMatchingIndex(), value);
            return true;
        }
        return false;
    }

    /** RFC 7396, without its removal of fields: what an edit leaves out has a default. */
    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode inner && into.get(field.getKey()) instanceof ObjectNode outer) {
                merge(outer, inner);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private static List<String> heads(List<Map<String, JsonNode>> combinations) {
        return combinations.stream().map(GridCells::head).toList();
    }

    private static String head(Map<String, JsonNode> values) {
        return Captions.cut(values.entrySet().stream()
                .map(value -> caption(value.getKey(), value.getValue()))
                .collect(Collectors.joining(", ")));
    }

    /** A text speaks for itself; a number needs the name of what it is. */
    private static String caption(String axis, JsonNode value) {
        if (value.isTextual()) {
            return value.asText();
        }
        return Stream.of(axis.substring(axis.lastIndexOf('/') + 1).replace('_', ' '), value.toString())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
