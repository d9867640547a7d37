package org.atelier.common.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import org.atelier.common.job.SheetRequest;

/** Checks that every picture of a sheet has a place of its own. */
final class SheetCheck {
    private SheetCheck() {}

    static List<Violation> of(SheetRequest sheet) {
        var violations = new ArrayList<Violation>();
        record Place(int row, int column) {}
        var taken = new HashSet<Place>();
        for (int index = 0; index < sheet.cells().size(); index++) {
            var cell = sheet.cells().get(index);
            var field = "/request/cells/" + index;
            if (cell.row() >= sheet.rows().size()) {
                violations.add(new Violation(field + "/row", "is " + cell.row() + ", but there are " + sheet.rows()
                        .size() + " rows"));
            }
            if (cell.column() >= sheet.columns().size()) {
                violations.add(new Violation(field + "/column", "is " + cell.column() + ", but there are " + sheet
                        .columns().size() + " columns"));
            }
            if (!taken.add(new Place(cell.row(), cell.column()))) {
                violations.add(new Violation(field, "has the place of another picture"));
            }
        }
        return violations;
    }
}
