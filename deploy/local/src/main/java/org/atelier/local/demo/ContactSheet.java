package org.atelier.local.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

import org.atelier.common.lettering.Lettering;

/** One picture that shows edits side by side: before, after, and what was asked. */
public final class ContactSheet {
    /** Side of each picture on the sheet, in pixels. */
    static final int PICTURE = 256;
    /** Space between the two pictures of a card. */
    static final int GAP = 12;
    /** Space between a card's edge and what is in it. */
    static final int PADDING = 18;
    /** Space around the cards, and between them. */
    static final int MARGIN = 28;
    /** Height of the lines under the pictures. */
    static final int CAPTION = 66;
    /** Height of the title above the cards. */
    static final int HEADER = 84;

    private static final int COLUMNS = 2;
    private static final int CARD_WIDTH = 2 * PICTURE + GAP + 2 * PADDING;
    private static final int CARD_HEIGHT = PICTURE + CAPTION + 2 * PADDING - 6;
    private static final int ROUNDING = 16;
    private static final int ARROW = 36;

    private static final Color PAGE = new Color(0xF3F4F6);
    private static final Color CARD = Color.WHITE;
    private static final Color EDGE = new Color(0xDFE2E7);
    private static final Color INK = new Color(0x1F2733);
    private static final Color PALE_INK = new Color(0x6B7483);

    private final Lettering regular = Lettering.regular();
    private final Lettering bold = Lettering.bold();

    /**
     * An edit on the sheet.
     *
     * @param before  square picture
     * @param after   square picture
     * @param caption what was asked
     * @param note    a line in small print
     */
    public record Card(BufferedImage before, BufferedImage after, String caption, String note) {}

    /** Draws the sheet. */
    public BufferedImage draw(String title, String subtitle, List<Card> cards) {
        int rows = (cards.size() + COLUMNS - 1) / COLUMNS;
        int columns = Math.min(COLUMNS, Math.max(1, cards.size()));
        var sheet = new BufferedImage(MARGIN + columns * (CARD_WIDTH + MARGIN),
                HEADER + rows * (CARD_HEIGHT + MARGIN), BufferedImage.TYPE_INT_RGB);
        var graphics = sheet.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(PAGE);
            graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            header(graphics, title, subtitle, sheet.getWidth() - 2.0 * MARGIN);
            for (int index = 0; index < cards.size(); index++) {
                card(graphics, cards.get(index), left(index), top(index));
            }
        } finally {
            graphics.dispose();
        }
        return sheet;
    }

    /** Left edge of a card. */
    static int left(int index) {
        return MARGIN + index % COLUMNS * (CARD_WIDTH + MARGIN);
    }

    /** Upper edge of a card. */
    static int top(int index) {
        return HEADER + index / COLUMNS * (CARD_HEIGHT + MARGIN);
    }

    private void header(Graphics2D graphics, String title, String subtitle, double width) {
        graphics.setColor(INK);
        bold.draw(graphics, bold.fit(title, 26, width), MARGIN, 42, 26);
        graphics.setColor(PALE_INK);
        regular.draw(graphics, regular.fit(subtitle, 15, width), MARGIN, 66, 15);
    }

    private void card(Graphics2D graphics, Card card, int x, int y) {
        var frame = new RoundRectangle2D.Double(x, y, CARD_WIDTH, CARD_HEIGHT, ROUNDING, ROUNDING);
        graphics.setColor(CARD);
        graphics.fill(frame);
        graphics.setColor(EDGE);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(frame);

        picture(graphics, card.before(), x + PADDING, y + PADDING);
        picture(graphics, card.after(), x + PADDING + PICTURE + GAP, y + PADDING);
        arrow(graphics, x + PADDING + PICTURE + GAP / 2.0, y + PADDING + PICTURE / 2.0);

        double width = CARD_WIDTH - 2.0 * PADDING;
        graphics.setColor(INK);
        bold.draw(graphics, bold.fit(card.caption(), 19, width), x + PADDING, y + PADDING + PICTURE + 31.0, 19);
        graphics.setColor(PALE_INK);
        regular.draw(graphics, regular.fit(card.note(), 14, width), x + PADDING, y + PADDING + PICTURE + 54.0, 14);
    }

    private static void picture(Graphics2D graphics, BufferedImage picture, int x, int y) {
        Shape clip = graphics.getClip();
        graphics.setClip(new RoundRectangle2D.Double(x, y, PICTURE, PICTURE, ROUNDING, ROUNDING));
        graphics.drawImage(picture, x, y, PICTURE, PICTURE, null);
        graphics.setClip(clip);
    }

    /** From the first picture to the second, on the seam between them. */
    private static void arrow(Graphics2D graphics, double x, double y) {
        graphics.setColor(CARD);
        graphics.fill(new Ellipse2D.Double(x - ARROW / 2.0, y - ARROW / 2.0, ARROW, ARROW));
        graphics.setColor(INK);
        graphics.setStroke(new BasicStroke(2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        var head = new Path2D.Double();
        head.moveTo(x - 8, y);
        head.lineTo(x + 8, y);
        head.moveTo(x + 2, y - 6);
        head.lineTo(x + 8, y);
        head.lineTo(x + 2, y + 6);
        graphics.draw(head);
    }
}
