package org.atelier.common.lettering;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Text as filled outlines of a font that comes with the program (Liberation Sans). It looks the same everywhere, and it is
 * there on servers without any font, where the JDK's own text drawing fails.
 */
public final class Lettering {
    private final TrueTypeFont font;

    private Lettering(TrueTypeFont font) {
        this.font = font;
    }

    /** The upright weight. */
    public static Lettering regular() {
        return load("/liberation/LiberationSans-Regular.ttf");
    }

    /** The bold weight. */
    public static Lettering bold() {
        return load("/liberation/LiberationSans-Bold.ttf");
    }

    private static Lettering load(String resource) {
        try (var in = Lettering.class.getResourceAsStream(resource)) {
            return new Lettering(new TTFParser().parse(new RandomAccessReadBuffer(in)));
        } catch (IOException e) {
            throw new UncheckedIOException("the font " + resource + " is part of the class path", e);
        }
    }

    /** Width of a text in pixels. */
    public double width(String text, double size) {
        return text.codePoints().mapToDouble(this::advance).sum() * size;
    }

    /**
     * Draws a text in the colour of the graphics.
     *
     * @param x    left end, in pixels
     * @param y    base line, in pixels
     * @param size height of the font, in pixels
     */
    public void draw(Graphics2D graphics, String text, double x, double y, double size) {
        double pen = x;
        for (int codePoint : text.codePoints().toArray()) {
            draw(graphics, codePoint, pen, y, size);
            pen += advance(codePoint) * size;
        }
    }

    private void draw(Graphics2D graphics, int codePoint, double x, double y, double size) {
        try {
            var glyph = font.getGlyph().getGlyph(glyphId(codePoint));
            if (glyph != null) {
                // Outlines point upwards, pictures downwards.
                double scale = size / font.getUnitsPerEm();
                graphics.fill(new AffineTransform(scale, 0, 0, -scale, x, y).createTransformedShape(glyph.getPath()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How far the pen moves, for a font of height 1. */
    private double advance(int codePoint) {
        try {
            return (double) font.getAdvanceWidth(glyphId(codePoint)) / font.getUnitsPerEm();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int glyphId(int codePoint) throws IOException {
        return font.getUnicodeCmapLookup().getGlyphId(codePoint);
    }

    /** The text, or its beginning and an ellipsis where it is wider than allowed. */
    public String fit(String text, double size, double width) {
        if (width(text, size) <= width) {
            return text;
        }
        var shorter = text;
        while (!shorter.isEmpty() && width(shorter + "\u2026", size) > width) {
            shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
        }
        return shorter.stripTrailing() + "\u2026";
    }

    /**
     * The text in lines, broken between words; the last line that is allowed takes the rest and ends in an ellipsis where
     * that is too wide.
     *
     * @param width of a line, in pixels
     * @param most  lines
     * @return none for an empty text
     */
    public List<String> wrap(String text, double size, double width, int most) {
        var lines = new ArrayList<String>();
        var rest = text.strip();
        while (!rest.isEmpty()) {
            int end = lines.size() + 1 < most ? lineEnd(rest, size, width) : rest.length();
            lines.add(fit(rest.substring(0, end), size, width));
            rest = rest.substring(end).strip();
        }
        return List.copyOf(lines);
    }

    /** Where the first line ends: behind as many whole words as fit, and at least one. */
    private int lineEnd(String text, double size, double width) {
        int end = -1;
        int space = text.indexOf(' ');
        while (space >= 0 && (end < 0 || width(text.substring(0, space), size) <= width)) {
            end = space;
            space = text.indexOf(' ', space + 1);
        }
        return end < 0 || width(text, size) <= width ? text.length() : end;
    }
}
