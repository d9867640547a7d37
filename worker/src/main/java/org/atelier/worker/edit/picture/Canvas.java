package org.atelier.worker.edit.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

import org.atelier.common.lettering.Lettering;
import org.atelier.worker.tensor.Picture;

/** White paper to draw on. */
final class Canvas implements AutoCloseable {
    /** Of text. */
    static final Color INK = new Color(33, 37, 41);
    /** Of text that explains. */
    static final Color FAINT = new Color(108, 117, 125);
    /** From one base line to the next, for a font of height 1. */
    static final double LINE = 1.3;
    /** From the top of a line to its base line, for a font of height 1. */
    private static final double ASCENT = 1.0;

    private final BufferedImage image;
    private final Graphics2D graphics;

    Canvas(int width, int height) {
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
    }

    Graphics2D graphics() {
        return graphics;
    }

    /** Height of lines, in whole pixels. */
    static int height(int lines, double size) {
        return (int) Math.ceil(lines * LINE * size);
    }

    /** Where a line stands between its left and its right end. */
    enum Side {
        LEFT(0), MIDDLE(0.5), RIGHT(1);

        private final double share;

        Side(double share) {
            this.share = share;
        }
    }

    /**
     * Writes lines below each other.
     *
     * @param x     the end or the middle that {@code side} names, in pixels
     * @param top   of the first line, in pixels
     * @param size  height of the font, in pixels
     */
    void write(Lettering lettering, List<String> lines, double x, double top, double size, Color colour, Side side) {
        graphics.setColor(colour);
        double baseLine = top + ASCENT * size;
        for (var line : lines) {
            lettering.draw(graphics, line, x - side.share * lettering.width(line, size), baseLine, size);
            baseLine += LINE * size;
        }
    }

    /** Puts a picture down, pixel by pixel. */
    void put(Picture picture, int left, int top) {
        graphics.drawImage(picture.image(), left, top, null);
    }

    /** What was drawn. */
    Picture picture() {
        return Picture.of(image);
    }

    @Override
    public void close() {
        graphics.dispose();
    }
}
