package org.atelier.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

import org.atelier.local.demo.ContactSheet.Card;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    private static final Color BEFORE = new Color(200, 30, 40);
    private static final Color AFTER = new Color(20, 60, 220);

    private static BufferedImage plain(Color colour, int size) {
        var picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        var graphics = picture.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, size, size);
        graphics.dispose();
        return picture;
    }

    private static Card card(String caption) {
        return new Card(plain(BEFORE, 128), plain(AFTER, 128), caption, "seed 7");
    }

    private static BufferedImage sheet(Card... cards) {
        return new ContactSheet().draw("Title", "Subtitle", List.of(cards));
    }

    private static Color at(BufferedImage sheet, int x, int y) {
        return new Color(sheet.getRGB(x, y));
    }

    /** How many pixels of a region are darker than the paper: where there are letters, there are some. */
    private static long dark(BufferedImage sheet, int left, int top, int width, int height) {
        return IntStream.range(top, top + height)
                .mapToLong(y -> IntStream.range(left, left + width).filter(x -> at(sheet, x, y).getGreen() < 128)
                        .count())
                .sum();
    }

    @Test
    void picturesAreInTheirPlaces() {
        var sheet = sheet(card("a"), card("b"), card("c"));

        for (int index = 0; index < 3; index++) {
            int left = ContactSheet.left(index) + ContactSheet.PADDING;
            int top = ContactSheet.top(index) + ContactSheet.PADDING;
            int right = left + ContactSheet.PICTURE + ContactSheet.GAP;
            for (int inset : new int[]{20, ContactSheet.PICTURE - 20}) {
                assertThat(at(sheet, left + inset, top + 20)).isEqualTo(BEFORE);
                assertThat(at(sheet, right + inset, top + ContactSheet.PICTURE - 20)).isEqualTo(AFTER);
            }
            assertThat(at(sheet, left + ContactSheet.PICTURE + ContactSheet.GAP / 2, top + 4)).isEqualTo(Color.WHITE);
        }
    }

    @Test
    void twoCardsStandInARowAndTheSheetHoldsAllRows() {
        assertThat(ContactSheet.top(0)).isEqualTo(ContactSheet.top(1)).isLessThan(ContactSheet.top(2));
        assertThat(ContactSheet.left(0)).isEqualTo(ContactSheet.left(2)).isLessThan(ContactSheet.left(1));

        assertThat(sheet(card("a"), card("b")).getHeight()).isLessThan(sheet(card("a"), card("b"), card("c"))
                .getHeight());
        assertThat(sheet(card("a")).getWidth()).isLessThan(sheet(card("a"), card("b")).getWidth());
    }

    @Test
    void captionIsWrittenUnderThePictures() {
        int left = ContactSheet.left(0) + ContactSheet.PADDING;
        int top = ContactSheet.top(0) + ContactSheet.PADDING + ContactSheet.PICTURE + 8;
        int width = 2 * ContactSheet.PICTURE;

        long without = dark(sheet(card("")), left, top, width, 28);
        long with = dark(sheet(card("a person with round glasses")), left, top, width, 28);

        assertThat(without).isZero();
        assertThat(with).isGreaterThan(300);
    }

    @Test
    void lettersThatTheFontLacksDoNotStopTheSheet() {
        assertThat(sheet(card("\uD83D\uDE00 \u4E2D\u6587 caf\u00E9"))).isNotNull();
    }

    @Test
    void sheetWithoutEditsIsATitle() {
        assertThat(sheet().getHeight()).isEqualTo(ContactSheet.HEADER);
    }
}
