package org.atelier.dispatcher.cli;

import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jline.terminal.impl.DumbTerminal;
import org.jline.terminal.impl.KittyGraphics;
import org.jline.terminal.impl.SixelGraphics;
import org.jline.terminal.impl.TerminalGraphics;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Shows pictures in a terminal, as well as it can. */
final class Pictures {
    /** What is assumed of a terminal that does not say how large its characters are. */
    private static final int PIXELS_PER_COLUMN = 8;
    /** Largest width and height of what is sent, in pixels. */
    private static final int LARGEST = 512;
    /** Characters that a picture made of blocks is wide at most: two pixels stand one above the other in each. */
    private static final int WIDEST_BLOCKS = 64;
    /** A chunk of the protocol of kitty has at most so many characters. */
    private static final int CHUNK = 4_096;
    private static final char UPPER_HALF = '\u2580';
    private static final int TRUE_COLOURS = 1 << 24;
    private static final int COLOURS = 256;
    private static final int RGB = 0xffffff;

    private final PrintStream out;
    private final int columns;
    private final PictureMode mode;
    private final int colours;

    private Pictures(PrintStream out, int columns, PictureMode mode, int colours) {
        this.out = out;
        this.columns = columns;
        this.mode = mode;
        this.colours = colours;
    }

    /** For a terminal; empty where nothing shall be shown, or can be. */
    static Optional<Pictures> in(Terminal terminal, PictureMode wanted) {
        return in(terminal, wanted, System.getenv());
    }

    /** @param environment in which terminals say what they are */
    static Optional<Pictures> in(Terminal terminal, PictureMode wanted, Map<String, String> environment) {
        var columns = terminal.columns();
        if (wanted == PictureMode.NONE || wanted == PictureMode.AUTO && columns.isEmpty()) {
            return Optional.empty();
        }
        var colourTerm = environment.getOrDefault("COLORTERM", "").toLowerCase(Locale.ROOT);
        int colours = colourTerm.equals("truecolor") || colourTerm.equals("24bit") ? TRUE_COLOURS : COLOURS;
        return Optional.of(new Pictures(terminal.out(), columns.orElse(WIDEST_BLOCKS), wanted == PictureMode.AUTO
                ? best(environment.getOrDefault("TERM", "dumb"))
                : wanted, colours));
    }

    /** What the terminal is known to understand. It is not asked: an answer that comes late would stand in the next prompt. */
    private static PictureMode best(String type) {
        try (var terminal = new DumbTerminal("atelier", type, new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(), StandardCharsets.UTF_8)) {
            if (new KittyGraphics().isSupported(terminal)) {
                return PictureMode.KITTY;
            }
            return new SixelGraphics().isSupported(terminal) ? PictureMode.SIXEL : PictureMode.BLOCKS;
        } catch (IOException e) {
            throw new IllegalStateException("a terminal in memory failed", e);
        }
    }

    /** Shows a picture under its name. */
    void show(String name, BufferedImage picture) throws IOException {
        remark(name);
        int width = Math.min(LARGEST, (columns - 1) * PIXELS_PER_COLUMN);
        out.print(switch (mode) {
            case KITTY -> new KittyGraphics().convertImageChunked(scaled(picture, width, LARGEST),
                    new TerminalGraphics.ImageOptions(), CHUNK);
            case SIXEL -> SixelGraphics.convertToSixel(scaled(picture, width, LARGEST));
            case BLOCKS, AUTO, NONE -> blocks(scaled(picture, Math.min(WIDEST_BLOCKS, columns - 1), WIDEST_BLOCKS));
        });
        out.println();
        out.flush();
    }

    /** A line of text. */
    void remark(String text) {
        out.println(text);
        out.flush();
    }

    /** A picture no larger than this, in its proportions; a smaller one stays as it is. */
    private static BufferedImage scaled(BufferedImage picture, int width, int height) {
        double scale = Math.min(1, Math.min((double) width / picture.getWidth(), (double) height / picture
                .getHeight()));
        int to = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int down = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        var result = new BufferedImage(to, down, BufferedImage.TYPE_INT_RGB);
        var graphics = result.createGraphics();
        graphics.drawImage(to < picture.getWidth()
                ? picture.getScaledInstance(to, down, Image.SCALE_AREA_AVERAGING)
                : picture, 0, 0, to, down, null);
        graphics.dispose();
        return result;
    }

    private String blocks(BufferedImage picture) {
        var text = new StringBuilder();
        for (int y = 0; y < picture.getHeight(); y += 2) {
            var line = new AttributedStringBuilder();
            for (int x = 0; x < picture.getWidth(); x++) {
                var style = AttributedStyle.DEFAULT.foregroundRgb(picture.getRGB(x, y) & RGB);
                line.styled(y + 1 < picture.getHeight()
                        ? style.backgroundRgb(picture.getRGB(x, y + 1) & RGB)
                        : style, String.valueOf(UPPER_HALF));
            }
            text.append(line.toAttributedString().toAnsi(colours, colours == TRUE_COLOURS
                    ? AttributedString.ForceMode.ForceTrueColors
                    : AttributedString.ForceMode.Force256Colors)).append(System.lineSeparator());
        }
        return text.toString();
    }
}
