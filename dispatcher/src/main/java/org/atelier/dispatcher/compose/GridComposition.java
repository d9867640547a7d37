package org.atelier.dispatcher.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.job.GridRequest;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.json.Json;

/** A grid: its cells at once, then the sheet. */
final class GridComposition implements Composition<GridRequest> {
    /** What a job is looked at by, the first that it has. */
    private static final List<String> USUAL_PICTURES = List.of("after.png", SheetRequest.ARTIFACT, "grid.png",
            "picture-0.png");
    private static final int CELLS = 1;
    private static final int SHEET = 2;

    @Override
    public Class<GridRequest> requestType() {
        return GridRequest.class;
    }

    @Override
    public Step next(Composite<GridRequest> grid) {
        var cells = GridCells.of(grid.request());
        if (grid.phasesOver() < CELLS) {
            return new Step.Parts(cells.cells().stream().map(cell -> new PartRequest(cell.name(), cell.request()))
                    .toList(), true);
        }
        var ends = grid.phase(CELLS);
        if (ends.stream().noneMatch(EndedPart::succeeded)) {
            return new Step.Failed(failure(ends));
        }
        var pictures = ends.stream().map(end -> picture(grid.request(), end)).toList();
        if (grid.phasesOver() < SHEET && grid.request().sheet()) {
            var sheet = sheet(cells, pictures);
            if (!sheet.isEmpty()) {
                return sheet.phase(grid.bundle());
            }
        }
        return finished(grid, cells, pictures);
    }

    private static JobFailure failure(List<EndedPart> ends) {
        var first = ends.getFirst();
        var failure = first.manifest().failure();
        return new JobFailure(failure == null ? ErrorCategory.CANCELLED : failure.category(), false, "None of its "
                + ends.size() + " cells succeeded. The first, " + first.job() + ": " + first.reason(), null);
    }

    private static Optional<Artifact> picture(GridRequest grid, EndedPart end) {
        var named = grid.picture() == null ? USUAL_PICTURES : List.of(grid.picture());
        return named.stream()
                .flatMap(name -> end.artifact(name).stream())
                .findFirst();
    }

    private static SheetPart sheet(GridCells cells, List<Optional<Artifact>> pictures) {
        var sheet = new SheetPart(cells.columns());
        int columns = cells.columns().size();
        for (int row = 0; row < cells.rows().size(); row++) {
            sheet.row(cells.rows().get(row), pictures.subList(row * columns, (row + 1) * columns));
        }
        return sheet;
    }

    private static Step.Finished finished(Composite<GridRequest> grid, GridCells cells,
            List<Optional<Artifact>> pictures) {
        var ends = grid.phase(CELLS);
        var artifacts = new ArrayList<Artifact>();
        IntStream.range(0, pictures.size()).forEach(index -> pictures.get(index).ifPresent(picture -> artifacts.add(
                Results.renamed(picture, "cell-" + index))));
        Results.sheet(grid, SHEET).ifPresent(artifacts::add);
        var table = JsonNodeFactory.instance.objectNode();
        table.set("rows", Json.tree(cells.rows()));
        table.set("columns", Json.tree(cells.columns()));
        var rows = table.putArray("cells");
        for (int index = 0; index < ends.size(); index++) {
            var cell = cells.cells().get(index);
            var row = rows.addObject().put("row", cell.row()).put("column", cell.column());
            row.set("values", Json.tree(cell.values()));
            Results.describe(row, ends.get(index), pictures.get(index));
        }
        long succeeded = ends.stream().filter(EndedPart::succeeded).count();
        var summary = JsonNodeFactory.instance.objectNode().put("cells", ends.size()).put("succeeded", succeeded);
        Results.missingSheet(grid, SHEET).ifPresent(reason -> summary.put("sheet_missing", reason));
        return new Step.Finished(artifacts, List.of(new Step.Document(Results.TABLE, table)), summary);
    }

    @Override
    public String origin(GridRequest request, String field) {
        var inRequest = "/request";
        if (!field.startsWith(inRequest + "/")) {
            return field;
        }
        var inside = field.substring(inRequest.length());
        return Stream.concat(request.axes().keySet().stream()
                .filter(axis -> !axis.isEmpty() && (inside + "/").startsWith(axis + "/"))
                .map(GridCells::field), Stream.of(inRequest + "/base" + inside)).findFirst().orElseThrow();
    }
}
