package org.atelier.common.job;

import java.util.List;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * One captioned picture of many: heads over the columns and beside the rows, a picture in each cell that has one.
 *
 * @param bundle  of the jobs that made the pictures; none of its networks is used
 * @param columns heads of the columns, left to right
 * @param rows    heads of the rows, top to bottom; with one empty head, no heads
 * @param cells   the pictures, at most one a place; a place without one stays empty
 */
public record SheetRequest(
        @NotNull @Pattern(regexp = BUNDLE_PATTERN) String bundle,
        @NotNull @Size(min = 1, max = MAX_CELLS) List<@Size(max = MAX_CAPTION) String> columns,
        @NotNull @Size(min = 1, max = MAX_CELLS) List<@Size(max = MAX_CAPTION) String> rows,
        @NotNull @Size(min = 1, max = MAX_CELLS) List<@Valid Cell> cells) implements JobRequest {
    /** Most pictures of one sheet. */
    public static final int MAX_CELLS = 256;
    /** Longest caption, in characters. */
    public static final int MAX_CAPTION = 120;
    /** What the sheet is called in the result. */
    public static final String ARTIFACT = "sheet.png";

    public SheetRequest {
        columns = List.copyOf(Defaults.or(columns, List.of()));
        rows = List.copyOf(Defaults.or(rows, List.of()));
        cells = List.copyOf(Defaults.or(cells, List.of()));
    }

    /**
     * A picture in its place.
     *
     * @param row     counted from 0
     * @param column  counted from 0
     * @param picture PNG or JPEG
     */
    public record Cell(
            @NotNull @Min(0) @Max(MAX_CELLS) Integer row,
            @NotNull @Min(0) @Max(MAX_CELLS) Integer column,
            @NotNull @Valid Input picture) {}

    @Override
    public List<JobId> parents() {
        return Parents.of(Stream.empty(), cells.stream().map(Cell::picture));
    }
}
