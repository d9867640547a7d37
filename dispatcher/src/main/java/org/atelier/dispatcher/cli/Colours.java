package org.atelier.dispatcher.cli;

import java.util.Map;

import picocli.CommandLine.Help.Ansi;

/**
 * Words in colour, where the terminal has it and nobody asked for none ({@code NO_COLOR}). A colour says nothing that the word
 * does not say too.
 *
 * @param ansi whether there are colours
 */
record Colours(Ansi ansi) {
    private static final Map<String, String> STATES = Map.of("succeeded", "green", "failed", "bold,red", "cancelled",
            "faint", "running", "cyan", "retrying", "yellow");

    /** As the terminal has it. */
    static Colours ofThisProcess() {
        return new Colours(Ansi.AUTO);
    }

    /** A state of a job, in a field of so many characters. */
    String state(String state, int width) {
        var padded = String.format("%-" + width + "s", state);
        var style = STATES.get(state);
        return style == null ? padded : in(style, padded);
    }

    /** A state of a job. */
    String state(String state) {
        return state(state, 1);
    }

    /** A heading. */
    String head(String text) {
        return in("bold", text);
    }

    private String in(String style, String text) {
        return ansi.enabled() ? ansi.string("@|" + style + " " + text + "|@") : text;
    }
}
