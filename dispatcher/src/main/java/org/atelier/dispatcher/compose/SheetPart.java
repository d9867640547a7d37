package org.atelier.dispatcher.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobType;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.json.Json;

/** The last phase of a composite job that shows its pictures: one job that puts them on a sheet. */
final class SheetPart {
    private final List<String> rows = new ArrayList<>();
    private final List<String> columns;
    private final List<SheetRequest.Cell> cells = new ArrayList<>();

    SheetPart(List<String> columns) {
        this.columns = columns.stream().map(Captions::cut).toList();
    }

    /** Adds a row below the others; the pictures stand under the heads of the columns, and some may be missing. */
    void row(String head, List<Optional<Artifact>> pictures) {
        for (int column = 0; column < pictures.size(); column++) {
            int place = column;
            pictures.get(column).ifPresent(picture -> cells.add(new SheetRequest.Cell(rows.size(), place,
                    new Input.Blob(picture.digest()))));
        }
        rows.add(Captions.cut(head));
    }

    /** Whether there is anything to show. */
    boolean isEmpty() {
        return cells.isEmpty();
    }

    /** The phase. A result is worth having without its sheet. */
    Step.Parts phase(BundleCard bundle) {
        var request = (ObjectNode) Json.tree(new SheetRequest(bundle.reference(), columns, rows, cells));
        request.put("type", JobType.SHEET.wireName());
        return new Step.Parts(List.of(new PartRequest("the sheet", request)), true);
    }
}
