package org.atelier.common.lettering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LetteringTest {
    @Test
    void textThatIsTooLongEndsInAnEllipsis() {
        var lettering = Lettering.bold();

        var fitted = lettering.fit("x".repeat(500), 19, 400);

        assertThat(fitted).endsWith("\u2026").hasSizeLessThan(100);
        assertThat(lettering.width(fitted, 19)).isLessThanOrEqualTo(400);
        assertThat(lettering.fit("short", 19, 400)).isEqualTo("short");
    }

    @Test
    void wrapsBetweenWords() {
        var lettering = Lettering.regular();

        var lines = lettering.wrap("a person with round glasses and a beard", 12, 90, 3);

        assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(lettering.width(line, 12)).isLessThanOrEqualTo(90));
        assertThat(String.join(" ", lines)).isEqualTo("a person with round glasses and a beard");
        assertThat(lettering.wrap("short", 12, 90, 3)).containsExactly("short");
        assertThat(lettering.wrap("", 12, 90, 3)).isEmpty();
    }

    @Test
    void whatDoesNotFitTheLastLineEndsInAnEllipsis() {
        var lettering = Lettering.regular();

        var lines = lettering.wrap("a person with round glasses and a beard", 12, 90, 2);

        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).endsWith("\u2026");
        assertThat(lettering.width(lines.getLast(), 12)).isLessThanOrEqualTo(90);
    }
}
