package org.atelier.worker.edit.picture;

import java.util.List;

import org.atelier.common.lettering.Lettering;
import org.atelier.worker.edit.picture.Canvas.Side;
import org.atelier.worker.tensor.Picture;

/**
 * A contact sheet: pictures of one size in rows and columns, each row and each column with a caption, all under a title.
 * The pictures are not scaled.
 *
 * <pre>
 * new Sheet("a person with glasses", List.of("before", "after"), List.of("seed 7"), List.of(List.of(a, b))).draw().png()
 * </pre>
 *
 * @param title   above all; may be empty
 * @param columns captions above the columns, one each; or none
 * @param rows    captions left of the rows, one each; or none
 * @param cells   pictures by row, from the left; a row may be shorter than others, its last places stay empty
 */
public record Sheet(String title, List<String> columns, List<String> rows, List<List<Picture>> cells) {
    /** Between pictures, and around all. */
    private static final int GAP = 4;
    private static final int MARGIN = 12;
    /** Captions grow with the pictures, within what can be read and what looks right. */
    private static final double CELLS_PER_LETTER = 10;
    private static final double SMALLEST = 12;
    private static final double LARGEST = 40;
    private static final double TITLE = 1.25;
    private static final int COLUMN_LINES = 3;
    private static final int ROW_LINES = 5;
    private static final int TITLE_LINES = 3;
    /** A row's caption is at most as wide as a picture; narrow pictures get this many letters' heights. */
    private static final double ROW_LETTERS = 9;
    /** Few pictures do not squeeze the title: it may have this many letters' heights in any case. */
    private static final double TITLE_LETTERS = 24;

    public Sheet {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        cells = cells.stream().map(List::copyOf).toList();
        var first = cells.stream().flatMap(List::stream).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "a sheet needs a picture"));
        int width = first.width();
        int height = first.height();
        if (cells.stream().flatMap(List::stream).anyMatch(cell -> cell.width() != width || cell.height() != height)) {
            throw new IllegalArgumentException("the pictures of a sheet have one size");
        }
        int most = cells.stream().mapToInt(List::size).max().orElseThrow();
        if (!columns.isEmpty() && columns.size() != most) {
            throw new IllegalArgumentException(columns.size() + " captions for " + most + " columns");
        }
        if (!rows.isEmpty() && rows.size() != cells.size()) {
            throw new IllegalArgumentException(rows.size() + " captions for " + cells.size() + " rows");
        }
    }

    /** One row of pictures, each with a caption. */
    public static Sheet strip(String title, List<String> captions, List<Picture> pictures) {
        return new Sheet(title, captions, List.of(), List.of(pictures));
    }

    /** The sheet as one picture. */
    public Picture draw() {
        var regular = Lettering.regular();
        var bold = Lettering.bold();
        var layout = layout(regular, bold);
        try (var canvas = new Canvas(layout.width(), layout.height())) {
            canvas.write(bold, layout.title, MARGIN, MARGIN, layout.size * TITLE, Canvas.INK, Side.LEFT);
            for (int column = 0; column < columns.size(); column++) {
                // The last line of every caption stands right above its picture.
                var lines = layout.columns.get(column);
                canvas.write(regular, lines, layout.left(column) + layout.cellWidth / 2.0, layout.top(0) - GAP - Canvas
                        .height(lines.size(), layout.size), layout.size, Canvas.INK, Side.MIDDLE);
            }
            for (int row = 0; row < cells.size(); row++) {
                if (!rows.isEmpty()) {
                    var lines = layout.rows.get(row);
                    double middle = layout.top(row) + layout.cellHeight / 2.0;
                    canvas.write(regular, lines, layout.left(0) - 2.0 * GAP, middle - Canvas.height(lines.size(),
                            layout.size) / 2.0, layout.size, Canvas.INK, Side.RIGHT);
                }
                var pictures = cells.get(row);
                for (int column = 0; column < pictures.size(); column++) {
                    canvas.put(pictures.get(column), layout.left(column), layout.top(row));
                }
            }
            return canvas.picture();
        }
    }

    /** Where things are. */
    Layout layout(Lettering regular, Lettering bold) {
        var first = cells.stream().flatMap(List::stream).findFirst().orElseThrow();
        double size = Math.clamp(first.width() / CELLS_PER_LETTER, SMALLEST, LARGEST);
        var heads = columns.stream().map(text -> regular.wrap(text, size, first.width(), COLUMN_LINES)).toList();
        double rowRoom = Math.max(first.width(), ROW_LETTERS * size);
        var sides = rows.stream().map(text -> regular.wrap(text, size, rowRoom, ROW_LINES)).toList();
        int most = cells.stream().mapToInt(List::size).max().orElseThrow();
        double widest = sides.stream().flatMap(List::stream).mapToDouble(line -> regular.width(line, size)).max()
                .orElse(0);
        int left = MARGIN + (widest > 0 ? (int) Math.ceil(widest) + 2 * GAP : 0);
        int right = left + most * (first.width() + GAP) - GAP;
        var titleLines = bold.wrap(title, size * TITLE, Math.max(right - MARGIN, TITLE_LETTERS * size), TITLE_LINES);
        double titleWidth = titleLines.stream().mapToDouble(line -> bold.width(line, size * TITLE)).max().orElse(0);
        int headLines = heads.stream().mapToInt(List::size).max().orElse(0);
        int top = MARGIN + (titleLines.isEmpty() ? 0 : Canvas.height(titleLines.size(), size * TITLE) + GAP)
                + (headLines > 0 ? Canvas.height(headLines, size) + GAP : 0);
        return new Layout(size, titleLines, heads, sides, left, top, Math.max(right, MARGIN + (int) Math.ceil(
                titleWidth)) + MARGIN, first.width(), first.height(), cells.size());
    }

    /**
     * Places, in pixels from the left and top of the sheet.
     *
     * @param size  height of the captions' font
     * @param left  of the first picture
     * @param top   of the first picture
     * @param width of the sheet
     * @param down  rows
     */
    record Layout(
            double size,
            List<String> title,
            List<List<String>> columns,
            List<List<String>> rows,
            int left,
            int top,
            int width,
            int cellWidth,
            int cellHeight,
            int down) {
        int left(int column) {
            return left + column * (cellWidth + GAP);
        }

        int top(int row) {
            return top + row * (cellHeight + GAP);
        }

        int height() {
            return top(down) - GAP + MARGIN;
        }
    }
}
