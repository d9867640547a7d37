package org.atelier.worker.edit;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobException;
import org.atelier.common.job.SheetRequest;
import org.atelier.worker.edit.photo.PhotoFile;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.tensor.Picture;

/**
 * Draws a {@code sheet} job: one picture is read a step, all are put on the sheet at the end. Every place has the size of
 * the first picture, as far as the sheet stays within {@value #MOST_PIXELS} pixels to a side; other sizes are fitted in.
 */
public final class SheetDrawing extends SteppedEdit<Edit.Step> {
    /** Width and height of the pictures of a sheet together, in pixels: more is slow to open and costs memory. */
    static final int MOST_PIXELS = 8_192;

    private final SheetRequest request;
    private final Inputs inputs;
    private final Map<Place, Picture> pictures = new TreeMap<>();
    private final int width;
    private final int height;
    private int done;

    /** A place on the sheet. */
    private record Place(int row, int column) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return row == other.row ? Integer.compare(column, other.column) : Integer.compare(row, other.row);
        }
    }

    /**
     * Prepares the job.
     *
     * @param inputs where the pictures are
     * @throws JobException INPUT_UNREADABLE if the first picture is none, or larger than {@link PhotoFile} takes
     */
    public SheetDrawing(SheetRequest request, Inputs inputs) {
        this.request = request;
        this.inputs = inputs;
        var first = read(request.cells().getFirst());
        double scale = Math.min(1, Math.min((double) MOST_PIXELS / request.columns().size() / first.width(),
                (double) MOST_PIXELS / request.rows().size() / first.height()));
        this.width = Math.max(1, (int) (first.width() * scale));
        this.height = Math.max(1, (int) (first.height() * scale));
    }

    @Override
    public int steps() {
        return request.cells().size();
    }

    @Override
    public int stepsDone() {
        return done;
    }

    /**
     * Reads the next picture.
     *
     * @throws JobException INPUT_UNREADABLE if it is none, or too large
     */
    @Override
    protected Step next() {
        var cell = request.cells().get(done);
        pictures.put(new Place(cell.row(), cell.column()), fitted(read(cell)));
        done++;
        return new Step() {};
    }

    private Picture read(SheetRequest.Cell cell) {
        return PhotoFile.read("of row " + cell.row() + ", column " + cell.column(), inputs.read(cell.picture(),
                SheetRequest.ARTIFACT));
    }

    private Picture fitted(Picture picture) {
        if (picture.width() == width && picture.height() == height) {
            return picture;
        }
        double scale = Math.min((double) width / picture.width(), (double) height / picture.height());
        int across = Math.max(1, (int) Math.round(picture.width() * scale));
        int down = Math.max(1, (int) Math.round(picture.height() * scale));
        var place = paper();
        var graphics = place.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture.image(), (width - across) / 2, (height - down) / 2, across, down, null);
        graphics.dispose();
        return Picture.of(place);
    }

    private BufferedImage paper() {
        var paper = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = paper.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return paper;
    }

    @Override
    protected List<Product> products() {
        var empty = Picture.of(paper());
        var rows = new ArrayList<List<Picture>>();
        for (int row = 0; row < request.rows().size(); row++) {
            var cells = new ArrayList<>(Collections.nCopies(request.columns().size(), empty));
            for (int column = 0; column < cells.size(); column++) {
                cells.set(column, pictures.getOrDefault(new Place(row, column), empty));
            }
            rows.add(cells);
        }
        var sheet = new Sheet("", heads(request.columns()), heads(request.rows()), rows);
        return List.of(new Product(SheetRequest.ARTIFACT, Artifact.PNG, sheet.draw().png()));
    }

    /** Empty heads take no room. */
    private static List<String> heads(List<String> heads) {
        return heads.stream().allMatch(String::isBlank) ? List.of() : heads;
    }

    @Override
    public void close() {
        pictures.clear();
    }
}
