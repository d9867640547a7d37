package org.atelier.common.request;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.GridRequest;
import org.atelier.common.job.JobType;

/** Checks the shape of a grid; what its cells ask for is checked cell by cell, like any request. */
final class GridCheck {
    private static final String BASE = "/request/base";
    private static final String AXES = "/request/axes";

    private GridCheck() {}

    static List<Violation> of(GridRequest grid) {
        var violations = new ArrayList<Violation>();
        checkBase(grid.base(), violations);
        grid.axes().forEach((pointer, values) -> checkAxis(pointer, values, violations));
        if (grid.cells() > GridRequest.MAX_CELLS) {
            violations.add(new Violation(AXES, "have " + grid.cells() + " combinations; there may be at most "
                    + GridRequest.MAX_CELLS + ": make several grids"));
        }
        if (grid.columns() != null && !grid.axes().containsKey(grid.columns())) {
            violations.add(new Violation("/request/columns", "is " + grid.columns() + ", which is none of the axes "
                    + grid.axes().keySet()));
        }
        return violations;
    }

    private static void checkBase(JsonNode base, List<Violation> violations) {
        if (!base.isObject()) {
            violations.add(new Violation(BASE, "must be a request: a JSON object with its type"));
            return;
        }
        if (base.has("bundle")) {
            violations.add(new Violation(BASE + "/bundle", "is the bundle of the grid; name it there"));
        }
        var type = base.path("type").asText();
        if (JobType.parseIfKnown(type).filter(JobType::isComposite).isPresent()) {
            violations.add(new Violation(BASE + "/type", "is " + type + ", which consists of jobs itself; a grid has"
                    + " jobs that workers run"));
        }
    }

    private static void checkAxis(String pointer, List<JsonNode> values, List<Violation> violations) {
        var field = AXES + "/" + pointer.replace("~", "~0").replace("/", "~1");
        if (pointer.equals("/bundle")) {
            violations.add(new Violation(field, "cannot vary: all cells of a grid use its bundle"));
        } else if (!pointer.isEmpty() && !isPointer(pointer)) {
            violations.add(new Violation(field, "is no JSON pointer into the request, such as /learning_rate or"
                    + " /source/seed"));
        } else if (pointer.isEmpty() && !values.stream().allMatch(JsonNode::isObject)) {
            violations.add(new Violation(field, "has a value that is no JSON object: values of the empty pointer are"
                    + " merged into the request"));
        }
        if (values.stream().distinct().count() < values.size()) {
            violations.add(new Violation(field, "has the same value twice"));
        }
    }

    private static boolean isPointer(String text) {
        return text.startsWith("/") && !JsonPointer.compile(text).matches();
    }
}
