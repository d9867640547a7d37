package org.atelier.worker.edit;

import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.json.Json;
import org.atelier.worker.edit.picture.LossChart;

/** The losses of a run as its result has them: all numbers as {@code losses.json}, the curves as {@code losses.png}. */
public final class LossFiles {
    private LossFiles() {}

    /**
     * Those of a run whose steps report what its curves show.
     *
     * @param title of the chart
     * @param rows  one a step
     */
    public static List<Product> of(String title, List<? extends Edit.Step> rows) {
        return of(title, rows, rows.stream().map(Edit.Step::losses).toList());
    }

    /**
     * Those of a run whose curves are not just what each step reported.
     *
     * @param title  of the chart
     * @param rows   for the numbers, one a step
     * @param curves see {@link LossChart#of}
     */
    public static List<Product> of(String title, List<?> rows, List<Map<String, Double>> curves) {
        return List.of(
                new Product("losses.json", Artifact.JSON, Json.bytes(rows)),
                new Product("losses.png", Artifact.PNG, LossChart.of(title, curves).draw().png()));
    }
}
