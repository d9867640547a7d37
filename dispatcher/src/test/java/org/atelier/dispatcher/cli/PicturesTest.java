package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;

class PicturesTest {
    private static final Optional<Integer> COLUMNS = Optional.of(80);
    private static final String ESCAPE = "\u001b";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Left half red, right half blue. */
    private static BufferedImage picture(int size) {
        var picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                picture.setRGB(x, y, (x < size / 2 ? Color.RED : Color.BLUE).getRGB());
            }
        }
        return picture;
    }

    private Optional<Pictures> pictures(Optional<Integer> columns, PictureMode mode, Map<String, String> environment) {
        return Pictures.in(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), columns), mode,
                environment);
    }

    private String shown(int size, PictureMode mode, Map<String, String> environment) throws IOException {
        out.reset();
        pictures(COLUMNS, mode, environment).orElseThrow().show("edit.png", picture(size));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void nothingIsShownWhereThereIsNoTerminalOrNobodyWantsIt() {
        assertThat(pictures(Optional.empty(), PictureMode.AUTO, Map.of())).isEmpty();
        assertThat(pictures(COLUMNS, PictureMode.NONE, Map.of())).isEmpty();
        assertThat(pictures(Optional.empty(), PictureMode.BLOCKS, Map.of())).isPresent();
    }

    @Test
    void aTerminalThatNobodyKnowsGetsBlocks() throws IOException {
        assertThat(shown(8, PictureMode.AUTO, Map.of("TERM", "vt220"))).contains("\u2580");
    }

    @Test
    void aKnownTerminalGetsItsProtocol() throws IOException {
        assertThat(shown(8, PictureMode.AUTO, Map.of("TERM", "foot"))).contains(ESCAPE + "P");
        assertThat(shown(8, PictureMode.AUTO, Map.of("TERM", "xterm-ghostty"))).contains(ESCAPE + "_G");
    }

    @Test
    void blocksHoldTwoPixelsEachInTheirColours() throws IOException {
        var lines = shown(4, PictureMode.BLOCKS, Map.of("COLORTERM", "truecolor")).lines().toList();

        assertThat(lines.getFirst()).isEqualTo("edit.png");
        assertThat(lines.subList(1, 3)).allSatisfy(line -> assertThat(line.replaceAll(ESCAPE + "\\[[0-9;]*m", ""))
                .isEqualTo("\u2580".repeat(4)));
        assertThat(lines.get(1)).contains("38;2;255;0;0", "48;2;255;0;0", "38;2;0;0;255", "48;2;0;0;255");
        assertThat(shown(4, PictureMode.BLOCKS, Map.of())).contains("38;5;").doesNotContain("38;2;");
    }

    @Test
    void aLargePictureIsNoWiderThanTheTerminal() throws IOException {
        out.reset();
        pictures(Optional.of(40), PictureMode.BLOCKS, Map.of()).orElseThrow().show("large", picture(1_024));

        var rows = out.toString(StandardCharsets.UTF_8).lines().skip(1).filter(line -> !line.isEmpty()).toList();
        assertThat(rows).hasSize(20).allSatisfy(line -> assertThat(line.replaceAll(ESCAPE + "\\[[0-9;]*m", ""))
                .hasSize(39));
    }

    @Test
    void kittyGetsAPngInChunks() throws IOException {
        var text = shown(700, PictureMode.KITTY, Map.of());
        var data = new StringBuilder();
        var matcher = Pattern.compile(ESCAPE + "_G([^;]*);([^" + ESCAPE + "]*)").matcher(text);
        while (matcher.find()) {
            assertThat(matcher.group(2)).hasSizeLessThanOrEqualTo(4_096);
            data.append(matcher.group(2));
        }
        var decoded = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data.toString())));

        assertThat(decoded.getWidth()).isEqualTo(512);
        assertThat(decoded.getRGB(10, 10)).isEqualTo(Color.RED.getRGB());
        assertThat(decoded.getRGB(500, 500)).isEqualTo(Color.BLUE.getRGB());
    }

    /** Draws what stands in sixels, as a terminal would (DEC STD 070): colours in percent, six rows to a strip. */
    @Test
    void sixelsShowThePicture() throws IOException {
        var text = shown(24, PictureMode.SIXEL, Map.of());
        int start = text.indexOf('q', text.indexOf(ESCAPE + "P")) + 1;
        var matcher = Pattern.compile("#(\\d+)(?:;2;(\\d+);(\\d+);(\\d+))?|!(\\d+)([?-~])|([?-~])|([$-])").matcher(text
                .substring(start, text.indexOf(ESCAPE, start)));
        var palette = new HashMap<Integer, Color>();
        var drawn = new Color[24][24];
        Color colour = null;
        int x = 0;
        int top = 0;
        while (matcher.find()) {
            if (matcher.group(2) != null) {
                palette.put(Integer.valueOf(matcher.group(1)), new Color(percent(matcher.group(2)), percent(matcher
                        .group(
                                3)), percent(matcher.group(4))));
            } else if (matcher.group(1) != null) {
                colour = palette.get(Integer.valueOf(matcher.group(1)));
            } else if (matcher.group(8) != null) {
                x = 0;
                top += matcher.group(8).equals("-") ? 6 : 0;
            } else {
                int bits = (matcher.group(7) == null ? matcher.group(6) : matcher.group(7)).charAt(0) - '?';
                int times = matcher.group(5) == null ? 1 : Integer.parseInt(matcher.group(5));
                for (int end = x + times; x < end; x++) {
                    for (int row = 0; row < 6; row++) {
                        if ((bits >> row & 1) == 1) {
                            drawn[top + row][x] = colour;
                        }
                    }
                }
            }
        }
        for (int y = 0; y < 24; y++) {
            assertThat(drawn[y][2]).isEqualTo(Color.RED);
            assertThat(drawn[y][20]).isEqualTo(Color.BLUE);
        }
    }

    private static float percent(String text) {
        return Integer.parseInt(text) / 100f;
    }
}
